"""The app in real Chromium."""
