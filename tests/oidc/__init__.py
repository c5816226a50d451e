"""Log-in by an OpenID provider, against one that the tests start."""
