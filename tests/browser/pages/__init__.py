"""Page objects: what a person does on each page, in her words."""
