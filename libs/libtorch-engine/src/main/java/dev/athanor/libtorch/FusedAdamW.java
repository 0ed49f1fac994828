package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * AdamW (Loshchilov and Hutter 2019) over parameter lists by libtorch's fused kernel. A parameter in a 16-bit type is the shadow of
 * a float32 master kept here: gradients are added up in float32, the master is updated and rounded back into the parameter.
 *
 * <p>A step: {@link #collectGradients()} after each backward pass, {@link #clipGradients} or an all-reduce over
 * {@link #gradients()} if wanted, then {@link #step}.
 */
public final class FusedAdamW implements AutoCloseable {
    private final LtNDManager manager;
    private final Options options;
    private final List<Group> groups;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private long steps;

    /**
     * Constants of the update (Loshchilov and Hutter 2019); the defaults of the record's other constructor are those of nanoGPT.
     *
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the root of the second moment
     */
    public record Options(double beta1, double beta2, double epsilon) {
        /** 0.9, 0.95, 1e-8. */
        public Options() {
            this(0.9, 0.95, 1e-8);
        }
    }

    /**
     * Parameters that share a weight decay and a factor on the learning rate.
     *
     * @param parameters by unique name; floating, requiring gradients
     * @param weightDecay decoupled, times the learning rate
     * @param learningRateScale 1 unless layers learn at different rates
     */
    public record Group(Map<String, NDArray> parameters, double weightDecay, double learningRateScale) {
        /** Keeps a copy in order. */
        public Group {
            parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }

        /** With a learning-rate factor of 1. */
        public Group(Map<String, NDArray> parameters, double weightDecay) {
            this(parameters, weightDecay, 1);
        }
    }

    /** One parameter and what belongs to it. */
    private static final class Slot {
        final LtNDArray parameter;
        final boolean shadow;
        /** Null where the parameter is updated elsewhere. */
        final @Nullable State state;

        @Nullable
        LtNDArray gradient;

        Slot(LtNDManager manager, LtNDArray parameter, boolean owned, @Nullable NDArray master) {
            this.parameter = parameter;
            shadow = parameter.getDataType() == DataType.BFLOAT16 || parameter.getDataType() == DataType.FLOAT16;
            state = owned ? new State(manager, parameter, shadow, (LtNDArray) master) : null;
        }
    }

    /** What updates of one parameter need. */
    private static final class State {
        final @Nullable LtNDArray master;
        final LtNDArray firstMoment;
        final LtNDArray secondMoment;
        final LtNDArray step;

        State(LtNDManager manager, LtNDArray parameter, boolean shadow, @Nullable LtNDArray given) {
            if (shadow && given == null) {
                master = keep(manager, () -> parameter.tensor().detach().to(ScalarType.Float));
            } else {
                master = shadow ? given : null;
            }
            LtNDArray like = master == null ? parameter : master;
            firstMoment = keep(manager, () -> torch.zeros_like(like.tensor().detach()));
            secondMoment = keep(manager, () -> torch.zeros_like(like.tensor().detach()));
            step = keep(
                    manager,
                    () -> torch.zeros(
                            new long[0],
                            like.tensor()
                                    .options()
                                    .requires_grad(new org.bytedeco.pytorch.BoolOptional(false))
                                    .dtype(new org.bytedeco.pytorch.ScalarTypeOptional(ScalarType.Float))));
        }

        private static LtNDArray keep(LtNDManager manager, java.util.function.Supplier<Tensor> body) {
            return NativeCall.array(manager, "AdamW", body);
        }
    }

    /**
     * State lives in a manager of its own until {@link #close()}.
     *
     * @throws IllegalArgumentException if a name appears twice or a parameter is not floating
     */
    public FusedAdamW(List<Group> groups, Options options) {
        this(groups, options, name -> true, Map.of());
    }

    /**
     * As one of several processes that share out the optimizer state (ZeRO stage 1, Rajbhandari et al. 2020): moments and masters
     * are kept, and updates made, of the parameters with the names that {@code owned} accepts; gradients of all.
     */
    public FusedAdamW(List<Group> groups, Options options, Predicate<String> owned) {
        this(groups, options, owned, Map.of());
    }

    /**
     * As above, with float32 arrays that are to be the masters of 16-bit parameters, by name: they stay the caller's, and the
     * parameters are set from them. Others get a copy of their own.
     */
    @SuppressWarnings("this-escape")
    public FusedAdamW(List<Group> groups, Options options, Predicate<String> owned, Map<String, NDArray> masters) {
        this.groups = List.copyOf(groups);
        this.options = options;
        this.manager = LtNDManager.system().newSubManager(null);
        for (Group group : groups) {
            group.parameters().forEach((name, parameter) -> {
                if (!parameter.getDataType().isFloating()) {
                    throw new IllegalArgumentException(
                            "parameter " + name + " is " + parameter.getDataType() + ", expected floating");
                }
                if (slots.put(name, new Slot(manager, (LtNDArray) parameter, owned.test(name), masters.get(name)))
                        != null) {
                    throw new IllegalArgumentException("parameter " + name + " is given twice");
                }
            });
        }
        if (!masters.isEmpty()) {
            mastersChanged();
        }
    }

    /**
     * Takes the gradients of the last backward pass. Float32 parameters keep theirs, where libtorch adds them up by itself; those of
     * 16-bit parameters are added to float32 sums and forgotten. Call it after every backward pass.
     */
    public void collectGradients() {
        NativeCall.run("collectGradients", () -> slots.values().forEach(this::collect));
    }

    /** As {@link #collectGradients()}, of one parameter, whose gradient may be complete before those of others. */
    public void collectGradient(String name) {
        Slot slot = slot(name);
        NativeCall.run("collectGradients", () -> collect(slot));
    }

    private void collect(Slot slot) {
        if (!slot.shadow) {
            return;
        }
        Tensor fresh = slot.parameter.tensor().grad();
        if (!fresh.defined()) {
            return;
        }
        LtNDArray sum = slot.gradient;
        if (sum == null) {
            slot.gradient = new LtNDArray(manager, fresh.detach().to(ScalarType.Float));
        } else {
            sum.tensor().add_(fresh.detach());
        }
        slot.parameter.tensor().mutable_grad().reset();
    }

    /** The float32 gradients, in the order of the parameters, sharing memory: an all-reduce may write into them. */
    public Map<String, NDArray> gradients() {
        Map<String, NDArray> result = new LinkedHashMap<>();
        slots.forEach((name, slot) -> {
            Tensor gradient = NativeCall.value("gradients", () -> gradient(slot));
            if (gradient != null) {
                result.put(name, slot.gradient != null ? slot.gradient : slot.parameter.getGradient());
            }
        });
        return result;
    }

    private static @Nullable Tensor gradient(Slot slot) {
        if (slot.shadow) {
            return slot.gradient == null ? null : slot.gradient.tensor();
        }
        Tensor gradient = slot.parameter.tensor().grad();
        return gradient.defined() ? gradient : null;
    }

    /**
     * Copies the gradient of the named parameter into {@code target}, or zeros where there is none.
     *
     * @param target float32 of the parameter's shape
     * @return whether there is one
     */
    public boolean copyGradient(String name, NDArray target) {
        Slot slot = slot(name);
        return NativeCall.value("copyGradient", () -> {
            Tensor gradient = gradient(slot);
            Tensor into = LtNDArray.tensor(target).detach();
            if (gradient == null) {
                into.zero_();
                return false;
            }
            into.copy_(gradient.detach());
            return true;
        });
    }

    private Slot slot(String name) {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalArgumentException("there is no parameter " + name);
        }
        return slot;
    }

    /**
     * Takes {@code gradient} as that of the named parameter, instead of what was collected.
     *
     * @param gradient float32 of the parameter's shape, which may be written to until the next {@link #step}; null = none
     */
    public void replaceGradient(String name, @Nullable NDArray gradient) {
        Slot slot = slot(name);
        NativeCall.run("replaceGradient", () -> {
            if (!slot.shadow) {
                slot.parameter.clearGradient();
                if (gradient != null) {
                    slot.parameter
                            .tensor()
                            .mutable_grad()
                            .put(LtNDArray.tensor(gradient).detach());
                }
                return;
            }
            if (slot.gradient != null) {
                slot.gradient.close();
            }
            slot.gradient = gradient == null
                    ? null
                    : new LtNDArray(manager, LtNDArray.tensor(gradient).detach());
        });
    }

    /** As {@link GradientClipping#clip} over all gradients; returns their norm before that. */
    public double clipGradients(double maxNorm) {
        return NativeCall.value("clipGradients", () -> {
            TensorVector gradients = new TensorVector();
            for (Slot slot : slots.values()) {
                Tensor gradient = gradient(slot);
                if (gradient != null) {
                    gradients.push_back(gradient);
                }
            }
            return GradientClipping.clip(gradients, maxNorm);
        });
    }

    /**
     * One update of all parameters that have a gradient; then the gradients are forgotten.
     *
     * @param learningRate before each group's factor
     */
    public void step(double learningRate) {
        NativeCall.run("AdamW", () -> {
            for (Group group : groups) {
                update(group, learningRate * group.learningRateScale());
            }
            zeroGradients();
        });
        steps++;
    }

    private void update(Group group, double learningRate) {
        TensorVector parameters = new TensorVector();
        TensorVector gradients = new TensorVector();
        TensorVector first = new TensorVector();
        TensorVector second = new TensorVector();
        TensorVector counts = new TensorVector();
        TensorVector shadows = new TensorVector();
        TensorVector masters = new TensorVector();
        for (String name : group.parameters().keySet()) {
            Slot slot = java.util.Objects.requireNonNull(slots.get(name));
            Tensor gradient = gradient(slot);
            State state = slot.state;
            if (gradient == null || state == null) {
                continue;
            }
            parameters.push_back(state.master == null ? slot.parameter.tensor().detach() : state.master.tensor());
            gradients.push_back(gradient);
            first.push_back(state.firstMoment.tensor());
            second.push_back(state.secondMoment.tensor());
            counts.push_back(state.step.tensor());
            if (state.master != null) {
                shadows.push_back(slot.parameter.tensor().detach());
                masters.push_back(state.master.tensor());
            }
        }
        if (parameters.size() == 0) {
            return;
        }
        Boolean mode = GradState.choose(false);
        GradState.sync();
        try {
            Operators.find("aten::_foreach_add_.Scalar").call(Operators.list(counts), new IValue(new Scalar(1.0)));
            Operators.find("aten::_fused_adamw_")
                    .call(
                            Operators.list(parameters),
                            Operators.list(gradients),
                            Operators.list(first),
                            Operators.list(second),
                            Operators.list(new TensorVector()),
                            Operators.list(counts),
                            new IValue(learningRate),
                            new IValue(options.beta1()),
                            new IValue(options.beta2()),
                            new IValue(group.weightDecay()),
                            new IValue(options.epsilon()),
                            new IValue(false),
                            new IValue(false),
                            Operators.none(),
                            Operators.none());
            if (shadows.size() > 0) {
                Operators.find("aten::_foreach_copy_")
                        .call(Operators.list(shadows), Operators.list(masters), new IValue(false));
            }
        } finally {
            GradState.restore(mode);
        }
    }

    /** Forgets all gradients, collected or not. */
    public void zeroGradients() {
        for (Slot slot : slots.values()) {
            slot.parameter.clearGradient();
            LtNDArray sum = slot.gradient;
            if (sum != null) {
                sum.close();
                slot.gradient = null;
            }
        }
    }

    /** As if no update had been made: moments and counters are zero. Parameters and masters stay as they are. */
    public void forgetUpdates() {
        NativeCall.run("forgetUpdates", () -> {
            for (Slot slot : slots.values()) {
                State state = slot.state;
                if (state != null) {
                    state.firstMoment.tensor().zero_();
                    state.secondMoment.tensor().zero_();
                    state.step.tensor().zero_();
                }
            }
        });
        steps = 0;
    }

    /** How many updates have been made, also before a restart. */
    public long steps() {
        return steps;
    }

    /** The float32 values: masters where parameters are shadows, the parameters themselves where not; of those owned. Shares memory. */
    public Map<String, NDArray> masters() {
        Map<String, NDArray> result = new LinkedHashMap<>();
        slots.forEach((name, slot) -> {
            if (slot.state != null) {
                result.put(name, slot.state.master == null ? slot.parameter : slot.state.master);
            }
        });
        return result;
    }

    /**
     * All that a restart needs beside the parameters, sharing memory: {@code exp_avg/NAME}, {@code exp_avg_sq/NAME},
     * {@code step/NAME}, and {@code master/NAME} where the parameter is a shadow.
     */
    public Map<String, NDArray> state() {
        Map<String, NDArray> state = new LinkedHashMap<>();
        slots.forEach((name, slot) -> {
            State kept = slot.state;
            if (kept == null) {
                return;
            }
            if (kept.master != null) {
                state.put("master/" + name, kept.master);
            }
            state.put("exp_avg/" + name, kept.firstMoment);
            state.put("exp_avg_sq/" + name, kept.secondMoment);
            state.put("step/" + name, kept.step);
        });
        return state;
    }

    /**
     * Copies a saved state in; parameters that are shadows are set from their masters.
     *
     * @throws IllegalArgumentException if an entry is missing or of another shape
     */
    public void loadState(Map<String, NDArray> saved) {
        state().forEach((name, target) -> {
            NDArray source = saved.get(name);
            if (source == null || !source.getShape().equals(target.getShape())) {
                throw new IllegalArgumentException("optimizer state " + name + " is "
                        + (source == null ? "missing" : "of shape " + source.getShape()) + ", expected shape "
                        + target.getShape());
            }
        });
        state().forEach((name, target) -> {
            NDArray source = java.util.Objects.requireNonNull(saved.get(name));
            NativeCall.run(
                    "loadState",
                    () -> LtNDArray.tensor(target)
                            .copy_(LtNDArray.tensor(source).detach()),
                    target,
                    source);
        });
        mastersChanged();
        steps = slots.values().stream()
                .map(slot -> slot.state)
                .filter(java.util.Objects::nonNull)
                .mapToLong(state -> (long) state.step.toFloatArray()[0])
                .max()
                .orElse(0);
    }

    /** Rounds the masters into their shadows, after they were written to from outside. */
    public void mastersChanged() {
        NativeCall.run("mastersChanged", () -> {
            for (Slot slot : slots.values()) {
                if (slot.state != null && slot.state.master != null) {
                    slot.parameter.tensor().detach().copy_(slot.state.master.tensor());
                }
            }
        });
    }

    /** Every parameter, in order. */
    public NDList parameters() {
        List<NDArray> all = new ArrayList<>();
        slots.values().forEach(slot -> all.add(slot.parameter));
        return new NDList(all);
    }

    /** Frees masters, moments and gradients; the parameters stay. */
    @Override
    public void close() {
        manager.close();
    }
}
