"""What the page on Kazakhstan shows: for each chart the rows it selects and the words that go with them."""
