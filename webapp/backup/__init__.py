"""An encrypted copy of everything a server needs to come back: made while it runs, checked, and put back."""


class BackupTrouble(Exception):
    """Nothing was made, or nothing was changed; the message says why and what to do."""
