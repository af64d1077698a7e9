{{ read_raw('orders') }}
