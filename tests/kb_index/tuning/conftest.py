"""A tiny random model, and articles whose headings say in other words what their text says."""

import random

import pytest

from kb_index.articles import Article

#: What customers call a thing, and what the articles call it.
CALLED = [f"ask{number}" for number in range(12)]
WRITTEN = [f"tell{number}" for number in range(12)]


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory):
    """A sentence-transformers model of two layers with random weights, in a folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = ["<pad>", "<unk>", "<s>", "</s>", *CALLED, *WRITTEN]
    tokenizer = Tokenizer(
        models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="<unk>")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 2), ("</s>", 3)]
    )
    folder = tmp_path_factory.mktemp("tiny") / "tiny"
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    bert = BertModel(config, add_pooling_layer=False)
    bert.embeddings.position_embeddings.weight.data.zero_()  # a bag of words, nearly
    bert.save_pretrained(folder / "body")
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", pad_token="<pad>", model_max_length=128
    ).save_pretrained(folder / "body")
    body = Transformer(
        str(folder / "body"), max_seq_length=128, model_kwargs={"add_pooling_layer": False}
    )
    model = SentenceTransformer(modules=[body, Pooling(64, "mean"), Normalize()], device="cpu")
    model.save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="session")
def tiny_source(tiny_folder):
    from kb_index.export.sources import find_source

    return find_source(str(tiny_folder))


@pytest.fixture(scope="session")
def exported(tiny_source, tmp_path_factory):
    """The folder of exported models, the tiny one in it and in use."""
    from kb_index.export.exporter import export_model

    models_dir = tmp_path_factory.mktemp("models")
    export_model(tiny_source, models_dir, report=lambda _: None)
    return models_dir


def make_articles(count, *, telling=True, seed=1):
    """Make articles of three things each; `telling` False: heading and text are of other things."""
    chance = random.Random(seed)
    articles, seen = [], set()
    while len(articles) < count:
        things = tuple(sorted(chance.sample(range(12), 3)))
        if things in seen:
            continue
        seen.add(things)
        told = things if telling else chance.sample(range(12), 3)
        text = " ".join(WRITTEN[thing] for thing in told for _ in range(2))
        heading = " ".join(CALLED[thing] for thing in things)
        articles.append(
            Article(
                id=f"article-{len(articles)}",
                locale="en",
                title=heading,
                updated="",
                tags=(),
                body=text,
            )
        )
    return tuple(articles)
