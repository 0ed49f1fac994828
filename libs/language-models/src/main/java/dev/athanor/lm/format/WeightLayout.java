package dev.athanor.lm.format;

import dev.athanor.lm.model.LayerAttention;
import dev.athanor.lm.model.ModelConfig;
import dev.athanor.lm.model.ModelConfig.FeedForward;
import dev.athanor.lm.model.ModelConfig.Norm;
import dev.athanor.lm.model.ModelConfig.Positions;
import dev.athanor.lm.model.ParameterSpec;
import dev.athanor.lm.model.RotaryScaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How a family of models names and cuts its weights in a file: the layouts that Hugging Face's transformers library reads. */
public enum WeightLayout {

    /** GPT-2: linear weights are stored transposed, [in, out]. */
    GPT2 {
        @Override
        boolean fits(ModelConfig c) {
            return plainDecoder(c)
                    && c.norm() == Norm.LAYER_NORM
                    && c.biases()
                    && c.positions() == Positions.LEARNED
                    && c.keyValueHeads() == c.heads()
                    && !c.feedForward().gated()
                    && c.attention().stream().allMatch(LayerAttention.full(LayerAttention.Positions.NONE)::equals);
        }

        @Override
        List<Piece> pieces(ModelConfig config) {
            var pieces = new ArrayList<Piece>();
            pieces.add(Piece.whole("transformer.wte.weight", "tokens.weight"));
            pieces.add(Piece.whole("transformer.wpe.weight", "positions.weight"));
            for (int i = 0; i < config.layers(); i++) {
                String theirs = "transformer.h." + i + ".";
                String ours = "layers." + i + ".";
                both(pieces, theirs + "ln_1", ours + "attention_norm", false);
                both(pieces, theirs + "attn.c_attn", ours + "attention.qkv", true);
                both(pieces, theirs + "attn.c_proj", ours + "attention.out", true);
                both(pieces, theirs + "ln_2", ours + "feedforward_norm", false);
                both(pieces, theirs + "mlp.c_fc", ours + "feedforward.in", true);
                both(pieces, theirs + "mlp.c_proj", ours + "feedforward.out", true);
            }
            both(pieces, "transformer.ln_f", "norm", false);
            if (!config.tiedEmbeddings()) {
                pieces.add(Piece.whole("lm_head.weight", "output.weight"));
            }
            return pieces;
        }

        private void both(List<Piece> pieces, String theirs, String ours, boolean transposed) {
            pieces.add(new Piece(theirs + ".weight", ours + ".weight", 0, Piece.ALL, transposed));
            pieces.add(Piece.whole(theirs + ".bias", ours + ".bias"));
        }
    },

    /** Llama: projections apart, rotary positions by rotated halves. */
    LLAMA {
        @Override
        boolean fits(ModelConfig c) {
            return llamaLike(c)
                    && c.rotaryScaling().kind() != RotaryScaling.Kind.NTK
                    && c.attention().stream().allMatch(LayerAttention.full(LayerAttention.Positions.ROTARY)::equals);
        }

        @Override
        List<Piece> pieces(ModelConfig config) {
            var pieces = new ArrayList<Piece>();
            long C = config.width();
            long KD = (long) config.keyValueHeads() * config.headWidth();
            long F = config.feedForwardWidth();
            pieces.add(Piece.whole("model.embed_tokens.weight", "tokens.weight"));
            for (int i = 0; i < config.layers(); i++) {
                String theirs = "model.layers." + i + ".";
                String ours = "layers." + i + ".";
                String qkv = ours + "attention.qkv.weight";
                String in = ours + "feedforward.in.weight";
                pieces.add(Piece.whole(theirs + "input_layernorm.weight", ours + "attention_norm.weight"));
                pieces.add(new Piece(theirs + "self_attn.q_proj.weight", qkv, 0, C, false));
                pieces.add(new Piece(theirs + "self_attn.k_proj.weight", qkv, C, KD, false));
                pieces.add(new Piece(theirs + "self_attn.v_proj.weight", qkv, C + KD, KD, false));
                pieces.add(Piece.whole(theirs + "self_attn.o_proj.weight", ours + "attention.out.weight"));
                pieces.add(Piece.whole(theirs + "post_attention_layernorm.weight", ours + "feedforward_norm.weight"));
                pieces.add(new Piece(theirs + "mlp.gate_proj.weight", in, 0, F, false));
                pieces.add(new Piece(theirs + "mlp.up_proj.weight", in, F, F, false));
                pieces.add(Piece.whole(theirs + "mlp.down_proj.weight", ours + "feedforward.out.weight"));
            }
            pieces.add(Piece.whole("model.norm.weight", "norm.weight"));
            if (!config.tiedEmbeddings()) {
                pieces.add(Piece.whole("lm_head.weight", "output.weight"));
            }
            return pieces;
        }
    },

    /** Llama's names, with a window of attention in every layer. */
    MISTRAL {
        @Override
        boolean fits(ModelConfig c) {
            LayerAttention first = c.attention().getFirst();
            return llamaLike(c)
                    && c.rotaryScaling().kind() != RotaryScaling.Kind.NTK
                    && first.kind() == LayerAttention.Kind.SLIDING_WINDOW
                    && first.positions() == LayerAttention.Positions.ROTARY
                    && c.attention().stream().allMatch(first::equals);
        }

        @Override
        List<Piece> pieces(ModelConfig config) {
            return LLAMA.pieces(config);
        }
    },

    /** BERT with the heads of its pretraining, one of them, or none: projections apart. */
    BERT {
        @Override
        boolean fits(ModelConfig c) {
            return c.stack() == ModelConfig.Stack.ENCODER
                    && c.norm() == Norm.LAYER_NORM
                    && c.normPlacement() == ModelConfig.NormPlacement.POST
                    && c.biases()
                    && (c.tiedEmbeddings() || c.maskedHead())
                    && c.positions() == Positions.LEARNED
                    && c.segments() > 0
                    && c.keyValueHeads() == c.heads()
                    && c.feedForward() == FeedForward.GELU
                    && c.experts() == null
                    && c.distinctLayers() == c.layers()
                    && c.attention().stream().allMatch(LayerAttention.full(LayerAttention.Positions.NONE)::equals);
        }

        @Override
        List<Piece> pieces(ModelConfig config) {
            var pieces = new ArrayList<Piece>();
            long C = config.width();
            pieces.add(Piece.whole("bert.embeddings.word_embeddings.weight", "tokens.weight"));
            pieces.add(Piece.whole("bert.embeddings.position_embeddings.weight", "positions.weight"));
            pieces.add(Piece.whole("bert.embeddings.token_type_embeddings.weight", "segments.weight"));
            both(pieces, "bert.embeddings.LayerNorm", "embedding_norm");
            for (int i = 0; i < config.layers(); i++) {
                String theirs = "bert.encoder.layer." + i + ".";
                String ours = "layers." + i + ".";
                List<String> parts = List.of("query", "key", "value");
                for (int part = 0; part < 3; part++) {
                    for (String kind : List.of(".weight", ".bias")) {
                        pieces.add(new Piece(
                                theirs + "attention.self." + parts.get(part) + kind,
                                ours + "attention.qkv" + kind,
                                part * C,
                                C,
                                false));
                    }
                }
                both(pieces, theirs + "attention.output.dense", ours + "attention.out");
                both(pieces, theirs + "attention.output.LayerNorm", ours + "attention_norm");
                both(pieces, theirs + "intermediate.dense", ours + "feedforward.in");
                both(pieces, theirs + "output.dense", ours + "feedforward.out");
                both(pieces, theirs + "output.LayerNorm", ours + "feedforward_norm");
            }
            if (config.maskedHead()) {
                both(pieces, "cls.predictions.transform.dense", "masked.dense");
                both(pieces, "cls.predictions.transform.LayerNorm", "masked.norm");
                pieces.add(Piece.whole("cls.predictions.bias", "output.bias"));
            }
            if (!config.tiedEmbeddings()) {
                pieces.add(Piece.whole("cls.predictions.decoder.weight", "output.weight"));
            }
            if (config.nextSentenceHead()) {
                both(pieces, "bert.pooler.dense", "pooler");
                both(pieces, "cls.seq_relationship", "next_sentence");
            }
            return pieces;
        }

        private void both(List<Piece> pieces, String theirs, String ours) {
            pieces.add(Piece.whole(theirs + ".weight", ours + ".weight"));
            pieces.add(Piece.whole(theirs + ".bias", ours + ".bias"));
        }
    },

    /** Every other combination, by the names of {@link ParameterSpec}. */
    ATHANOR {
        @Override
        boolean fits(ModelConfig config) {
            return true;
        }

        @Override
        List<Piece> pieces(ModelConfig config) {
            return ParameterSpec.of(config).stream()
                    .map(p -> Piece.whole(p.name(), p.name()))
                    .toList();
        }
    };

    /**
     * One tensor of the file: rows of one of our parameters.
     *
     * @param rows {@link #ALL} for the whole parameter
     * @param transposed whether the file holds [columns, rows]
     */
    record Piece(String external, String parameter, long fromRow, long rows, boolean transposed) {
        static final long ALL = -1;

        /**
         * All names that files have it under: some leave out the name of the outer module, files of BERT out of TensorFlow call the
         * values of norms gamma and beta, and some have the bias of its output at the projection.
         */
        List<String> names() {
            var names = new ArrayList<String>();
            for (String name : List.of(external, external.replaceFirst("^(transformer|model|bert)\\.", ""))) {
                names.add(name);
                names.add(name.replaceFirst("LayerNorm\\.weight$", "LayerNorm.gamma")
                        .replaceFirst("LayerNorm\\.bias$", "LayerNorm.beta")
                        .replaceFirst("^cls\\.predictions\\.bias$", "cls.predictions.decoder.bias"));
            }
            return names;
        }

        static Piece whole(String external, String parameter) {
            return new Piece(external, parameter, 0, ALL, false);
        }
    }

    /** A decoder without any of the parts that the known families lack. */
    private static boolean plainDecoder(ModelConfig c) {
        return c.stack() == ModelConfig.Stack.DECODER
                && c.normPlacement() == ModelConfig.NormPlacement.PRE
                && c.segments() == 0
                && c.experts() == null
                && c.distinctLayers() == c.layers()
                && !c.maskedHead();
    }

    private static boolean llamaLike(ModelConfig c) {
        return plainDecoder(c)
                && c.norm() == Norm.RMS_NORM
                && !c.biases()
                && c.positions() == Positions.NONE
                && c.feedForward() == FeedForward.SWIGLU;
    }

    abstract boolean fits(ModelConfig config);

    abstract List<Piece> pieces(ModelConfig config);

    /** The first family that can hold the model. */
    public static WeightLayout of(ModelConfig config) {
        for (WeightLayout layout : values()) {
            if (layout.fits(config)) {
                return layout;
            }
        }
        throw new AssertionError("the last layout fits everything");
    }

    /** As in {@code config.json}: {@code gpt2}, {@code llama}, {@code mistral}, {@code bert}, {@code athanor}. */
    public String modelType() {
        return name().toLowerCase(Locale.ROOT);
    }
}
