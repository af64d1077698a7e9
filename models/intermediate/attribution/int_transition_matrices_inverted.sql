{{ inverted_matrices(ref('int_transition_matrices_built')) }}
