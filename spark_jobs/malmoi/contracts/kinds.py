"""What a document can be. Apart from the schema, because a recipe needs the words and not Arrow."""

KINDS = ("page", "article", "qa", "post", "thread", "dialogue", "encyclopedia")
