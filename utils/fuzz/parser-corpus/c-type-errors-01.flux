A (struct image_tag) => ();
