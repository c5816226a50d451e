"""What a supervisor does with what was found: follow up, see history, decide about refused records."""
