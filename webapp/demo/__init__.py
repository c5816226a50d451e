"""A made-up municipality with twelve months of checks: synthetic people only, the same for a given date."""
