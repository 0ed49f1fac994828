package dev.athanor.libtorch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The one door to native code: every call runs in its own pointer scope, so that temporaries (scalars, optionals, options) are
 * freed at its end, with the grad mode that belongs to the thread, and a C++ exception comes back as an {@link EngineException}
 * that names the operation and its operands.
 */
final class NativeCall {
    static volatile @Nullable OperationListener listener;

    private NativeCall() {}

    /** Runs {@code body} and keeps its tensor as an array of {@code manager}. */
    static LtNDArray array(LtNDManager manager, String operation, Supplier<Tensor> body, @Nullable Object... operands) {
        GradState.sync();
        OperationListener watching = listener;
        long start = watching == null ? 0 : System.nanoTime();
        try (PointerScope scope = new PointerScope()) {
            return new LtNDArray(manager, body.get());
        } catch (EngineException | IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            throw failure(operation, e, operands);
        } finally {
            if (watching != null) {
                watching.onOperation(operation, System.nanoTime() - start);
            }
        }
    }

    /** As {@link #array} without a scope, for a {@code body} that makes no temporaries. */
    static LtNDArray single(
            LtNDManager manager,
            String operation,
            BiFunction<Tensor, Tensor, Tensor> body,
            LtOperations left,
            NDArray right) {
        GradState.sync();
        OperationListener watching = listener;
        long start = watching == null ? 0 : System.nanoTime();
        try {
            Tensor result = body.apply(left.tensor(), left.operand(right));
            try {
                return new LtNDArray(manager, result);
            } catch (IllegalStateException e) {
                result.close();
                throw e;
            }
        } catch (EngineException | IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            throw failure(operation, e, left, right);
        } finally {
            if (watching != null) {
                watching.onOperation(operation, System.nanoTime() - start);
            }
        }
    }

    /** Runs {@code body} for its effect or its Java value. */
    static <T extends @Nullable Object> T value(String operation, Supplier<T> body, @Nullable Object... operands) {
        GradState.sync();
        OperationListener watching = listener;
        long start = watching == null ? 0 : System.nanoTime();
        try (PointerScope scope = new PointerScope()) {
            return body.get();
        } catch (EngineException | IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            throw failure(operation, e, operands);
        } finally {
            if (watching != null) {
                watching.onOperation(operation, System.nanoTime() - start);
            }
        }
    }

    static void run(String operation, Runnable body, @Nullable Object... operands) {
        GradState.sync();
        OperationListener watching = listener;
        long start = watching == null ? 0 : System.nanoTime();
        try (PointerScope scope = new PointerScope()) {
            body.run();
        } catch (EngineException | IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError e) {
            throw failure(operation, e, operands);
        } finally {
            if (watching != null) {
                watching.onOperation(operation, System.nanoTime() - start);
            }
        }
    }

    static EngineException failure(String operation, Throwable cause, @Nullable Object... operands) {
        StringBuilder text = new StringBuilder(operation).append('(');
        for (int i = 0; i < operands.length; i++) {
            text.append(i == 0 ? "" : ", ");
            describe(text, operands[i]);
        }
        return new EngineException(text.append("): ").append(firstLine(cause)).toString(), cause);
    }

    private static void describe(StringBuilder text, @Nullable Object operand) {
        if (operand instanceof LtNDArray array && array.isReleased()) {
            text.append("closed array");
        } else if (operand instanceof NDArray array) {
            text.append(array.getDataType().name().toLowerCase(java.util.Locale.ROOT))
                    .append(array.getShape());
        } else if (operand instanceof int[] ints) {
            text.append(java.util.Arrays.toString(ints));
        } else if (operand instanceof long[] longs) {
            text.append(java.util.Arrays.toString(longs));
        } else {
            text.append(operand);
        }
    }

    /** libtorch appends its C++ stack to a message: the first line says what happened. */
    private static String firstLine(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        int stack = message.indexOf("\nException raised from");
        return (stack >= 0 ? message.substring(0, stack) : message).strip();
    }
}
