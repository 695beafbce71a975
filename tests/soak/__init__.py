"""The soak: the whole program started, hurried, killed and closed at moments drawn by chance."""
