typedef hit;
