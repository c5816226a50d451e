"""`make stolen-tablet`: a shift full of marked words, then every byte the browser has written is searched for them."""
