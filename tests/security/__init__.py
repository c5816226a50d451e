"""`make security`: bandit, semgrep with rules of our own, and a crawl of the running app. What is found and harmless is explained."""
