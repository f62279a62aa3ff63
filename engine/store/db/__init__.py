"""The database: connections, transactions, locks, errors, tables, and the version of its schema."""
