"""What only terminal R has: its menus, lock module, second factor, idle lock, update server, log."""
