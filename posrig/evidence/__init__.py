"""What is kept of a scenario: its timeline, pictures of the display, and that no secret is in them."""
