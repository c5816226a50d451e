"""What travels between devices and server: keys, envelopes, intake, the feed and snapshots."""
