"""What one weight is called: in this library, in Hugging Face BERT checkpoints, and in the e5 file."""

from __future__ import annotations

LAYER_PARTS = {  # own name: (Hugging Face BERT, e5 file)
    "query": ("attention.self.query", "q"),
    "key": ("attention.self.key", "k"),
    "value": ("attention.self.value", "v"),
    "attention_out": ("attention.output.dense", "ao"),
    "attention_norm": ("attention.output.LayerNorm", "aln"),
    "feed_in": ("intermediate.dense", "fi"),
    "feed_out": ("output.dense", "fo"),
    "feed_norm": ("output.LayerNorm", "oln"),
}
EMBEDDING_PARTS = {
    "position.weight": ("embeddings.position_embeddings.weight", "emb.pos"),
    "token_type.weight": ("embeddings.token_type_embeddings.weight", "emb.type"),
    "embedding_norm.weight": ("embeddings.LayerNorm.weight", "emb.ln.w"),
    "embedding_norm.bias": ("embeddings.LayerNorm.bias", "emb.ln.b"),
}
JOIN_PARTS = {
    "segment.weight": "segment.weight",
    "head_in.weight": "head.0.weight",
    "head_in.bias": "head.0.bias",
    "head_out.weight": "head.3.weight",
    "head_out.bias": "head.3.bias",
}


def e5_names(layers: int) -> dict[str, str]:
    """Return the encoder's weights: own name to the name in the e5 file."""
    names = {own: short for own, (_, short) in EMBEDDING_PARTS.items()}
    for layer in range(layers):
        for own, (_, short) in LAYER_PARTS.items():
            names[f"layers.{layer}.{own}.weight"] = f"l{layer}.{short}.w"
            names[f"layers.{layer}.{own}.bias"] = f"l{layer}.{short}.b"
    return names


def checkpoint_names(layers: int) -> dict[str, str]:
    """Return the NLI model's weights: own name to the name in a safetensors checkpoint."""
    names = {own: bert for own, (bert, _) in EMBEDDING_PARTS.items()} | JOIN_PARTS
    for layer in range(layers):
        for own, (bert, _) in LAYER_PARTS.items():
            names[f"layers.{layer}.{own}.weight"] = f"encoder.layer.{layer}.{bert}.weight"
            names[f"layers.{layer}.{own}.bias"] = f"encoder.layer.{layer}.{bert}.bias"
    return names
