"""What offices answer by mail: from the bytes of a mail to the one act that its sender means."""
