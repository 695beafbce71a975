"""The sheets: pages that slide over the detailed pane, one file each."""
