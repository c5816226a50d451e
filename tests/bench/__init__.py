"""`make bench`: medians against targets, with the floor measured in the same run. Never part of `make test`."""
