"""What shows the display: console bytes and camera photos, each read into pictures of rows."""
