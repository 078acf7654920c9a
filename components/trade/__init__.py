"""What the trade page shows: for each preset the rows it selects and the words that go with them."""
