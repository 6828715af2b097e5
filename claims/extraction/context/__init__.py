"""What a claim needs to be read alone: who "he" is, when "Sunday" was."""
