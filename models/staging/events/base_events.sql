{{ read_raw('events', keep_texts=true) }}
