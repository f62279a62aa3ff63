-- Four roles for Đôn Đốc on PostgreSQL: `dondoc_owner` makes and changes the tables, `dondoc` runs every night and delivery,
-- `dondoc_retention` removes what is older than its time (`dondoc retain`, `dondoc forget`), `dondoc_web` answers for the pages
-- of `dondoc web`: it reads cases and what they are made of, no mailbox, of nights, letters and answers by mail only how they
-- stand, when sources were pulled, and adds acts and events.
-- `dondoc` can add to the audit log and never change it, deletes nothing, and cannot touch the schema. `dondoc_retention`
-- can add to the log as well, delete from the tables that have a time, blank a letter, and nothing else.
--
-- Run it as a superuser in dondoc's database, first when the database is empty, and again after every upgrade of the program:
-- what is done already is left as it is. Passwords are yours to set: \password dondoc_owner, \password dondoc,
-- \password dondoc_retention, \password dondoc_web
--
--   psql -d dondoc -f deploy/postgresql-roles.sql
--   DONDOC_DATABASE=postgresql://dondoc_owner@db.example.vn/dondoc dondoc pull    # makes or upgrades the tables
--   psql -d dondoc -f deploy/postgresql-roles.sql

DO $$
DECLARE
    found record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dondoc_owner') THEN
        CREATE ROLE dondoc_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dondoc') THEN
        CREATE ROLE dondoc LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dondoc_retention') THEN
        CREATE ROLE dondoc_retention LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dondoc_web') THEN
        CREATE ROLE dondoc_web LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;

    -- Nobody else makes anything here; the owner makes the tables, the service uses them.
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT USAGE, CREATE ON SCHEMA public TO dondoc_owner;
    GRANT USAGE ON SCHEMA public TO dondoc, dondoc_retention, dondoc_web;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO dondoc_owner, dondoc, dondoc_retention, dondoc_web', current_database());

    FOR found IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE public.%I OWNER TO dondoc_owner', found.name);
        EXECUTE format('REVOKE ALL ON public.%I FROM PUBLIC, dondoc, dondoc_retention, dondoc_web', found.name);
        EXECUTE format('GRANT SELECT ON public.%I TO dondoc, dondoc_retention', found.name);
        IF found.name IN ('event', 'log_entry') THEN
            EXECUTE format('GRANT INSERT ON public.%I TO dondoc, dondoc_retention, dondoc_web', found.name);
        ELSIF found.name = 'act' THEN
            GRANT INSERT ON public.act TO dondoc, dondoc_web;
        ELSIF found.name = 'link_revocation' THEN
            GRANT INSERT ON public.link_revocation TO dondoc;
        ELSIF found.name = 'case_statistic' THEN
            EXECUTE format('GRANT INSERT, DELETE ON public.%I TO dondoc_retention', found.name);
        ELSIF found.name <> 'alembic_version' THEN
            EXECUTE format('GRANT INSERT, UPDATE ON public.%I TO dondoc', found.name);
        END IF;
        -- What a page says of a case, and what tells whether an act on it is accepted.
        IF found.name IN ('alembic_version', 'act', 'case_file', 'event', 'inheritance', 'inheritance_heir',
                          'link_revocation', 'log_entry', 'notice', 'pull', 'relation', 'rule', 'submission',
                          'succession', 'task', 'task_bearer', 'unit', 'unit_name') THEN
            EXECUTE format('GRANT SELECT ON public.%I TO dondoc_web', found.name);
        END IF;
        -- What the desk says of nights, of letters and of answers that wait: how they stand, and not what they hold.
        IF found.name = 'night' THEN
            GRANT SELECT (as_of, state) ON public.night TO dondoc_web;
        ELSIF found.name = 'letter' THEN
            GRANT SELECT (id, night, office, part, state, lease_token, next_at, expires_at, fallback_of)
                ON public.letter TO dondoc_web;
        ELSIF found.name = 'answer' THEN
            GRANT SELECT (state) ON public.answer TO dondoc_web;
        END IF;
        -- A report that an office says it has handed in is one; taken back, it is superseded and nothing else.
        IF found.name = 'submission' THEN
            GRANT INSERT, UPDATE (superseded_at) ON public.submission TO dondoc_web;
        END IF;
        -- What has a time of its own. A letter is never deleted: its body is emptied, and its reader blanked.
        IF found.name IN ('delivery_attempt', 'submission', 'activity', 'reading', 'assignment', 'case_before',
                          'task_before', 'notice', 'case_file', 'mailbox', 'act') THEN
            EXECUTE format('GRANT DELETE ON public.%I TO dondoc_retention', found.name);
        ELSIF found.name = 'letter' THEN
            GRANT UPDATE (mime, recipient, reply) ON public.letter TO dondoc_retention;
        END IF;
        IF found.name = 'delivery_attempt' THEN
            GRANT UPDATE (text) ON public.delivery_attempt TO dondoc_retention;
        END IF;
    END LOOP;
    FOR found IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public' LOOP
        EXECUTE format('REVOKE ALL ON SEQUENCE public.%I FROM PUBLIC, dondoc, dondoc_web', found.name);
        EXECUTE format('GRANT USAGE ON SEQUENCE public.%I TO dondoc', found.name);
        IF found.name = 'submission_id_seq' THEN
            GRANT USAGE ON SEQUENCE public.submission_id_seq TO dondoc_web;
        END IF;
    END LOOP;
    FOR found IN SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proname = 'refuse_change' LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO dondoc_owner', found.name);
    END LOOP;
END
$$;
