package dev.athanor.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every elementwise operation against plain Java, over types, shapes, strides and broadcasting, with gradients. */
class ElementwiseTest {
    private static final DataType[] FLOATS = {
        DataType.FLOAT64, DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16,
    };
    private static final long[][] SHAPES = {{}, {0}, {5}, {2, 3}, {2, 0, 3}, {2, 1, 4}};

    record Unary(
            String name,
            Function<NDArray, NDArray> op,
            DoubleUnaryOperator java,
            double low,
            double high,
            boolean smooth) {
        @Override
        public String toString() {
            return name;
        }
    }

    record Binary(String name, BiFunction<NDArray, NDArray, NDArray> op, DoubleBinaryOperator java, boolean smooth) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Unary u(
            String name, Function<NDArray, NDArray> op, DoubleUnaryOperator java, double low, double high) {
        return new Unary(name, op, java, low, high, true);
    }

    private static Unary step(String name, Function<NDArray, NDArray> op, DoubleUnaryOperator java) {
        return new Unary(name, op, java, -2.8, 2.8, false);
    }

    static Stream<Unary> unaries() {
        return Stream.of(
                u("neg", NDArray::neg, x -> -x, -2, 2),
                u("abs", NDArray::abs, Math::abs, 0.1, 2),
                u("square", NDArray::square, x -> x * x, -2, 2),
                u("sqrt", NDArray::sqrt, Math::sqrt, 0.2, 4),
                u("cbrt", NDArray::cbrt, Math::cbrt, 0.2, 4),
                new Unary("cbrt of negatives", NDArray::cbrt, Math::cbrt, -4, -0.2, true),
                step("floor", NDArray::floor, Math::floor),
                step("ceil", NDArray::ceil, Math::ceil),
                step("round", NDArray::round, Math::rint),
                step("trunc", NDArray::trunc, x -> x < 0 ? Math.ceil(x) : Math.floor(x)),
                step("sign", NDArray::sign, Math::signum),
                u("exp", NDArray::exp, Math::exp, -2, 2),
                u("gammaln", NDArray::gammaln, ElementwiseTest::logGamma, 0.5, 5),
                u("log", NDArray::log, Math::log, 0.2, 4),
                u("log10", NDArray::log10, Math::log10, 0.2, 4),
                u("log2", NDArray::log2, x -> Math.log(x) / Math.log(2), 0.2, 4),
                u("sin", NDArray::sin, Math::sin, -3, 3),
                u("cos", NDArray::cos, Math::cos, -3, 3),
                u("tan", NDArray::tan, Math::tan, -1, 1),
                u("asin", NDArray::asin, Math::asin, -0.9, 0.9),
                u("acos", NDArray::acos, Math::acos, -0.9, 0.9),
                u("atan", NDArray::atan, Math::atan, -3, 3),
                u("sinh", NDArray::sinh, Math::sinh, -2, 2),
                u("cosh", NDArray::cosh, Math::cosh, -2, 2),
                u("tanh", NDArray::tanh, Math::tanh, -2, 2),
                u("asinh", NDArray::asinh, x -> Math.log(x + Math.sqrt(x * x + 1)), -2, 2),
                u("acosh", NDArray::acosh, x -> Math.log(x + Math.sqrt(x * x - 1)), 1.2, 4),
                u("atanh", NDArray::atanh, x -> 0.5 * Math.log((1 + x) / (1 - x)), -0.8, 0.8),
                u("toDegrees", NDArray::toDegrees, Math::toDegrees, -1, 1),
                u("toRadians", NDArray::toRadians, Math::toRadians, -90, 90),
                u("erf", NDArray::erf, ElementwiseTest::erf, -2, 2),
                u("erfinv of erf", x -> x.erf().erfinv(), x -> x, -1, 1),
                u("clip", x -> x.clip(-0.5, 0.75), x -> Math.max(-0.5, Math.min(0.75, x)), -0.4, 0.7),
                u("relu", x -> x.getNDArrayInternal().relu(), x -> Math.max(x, 0), 0.1, 2),
                u("sigmoid", x -> x.getNDArrayInternal().sigmoid(), ElementwiseTest::sigmoid, -3, 3),
                u("softPlus", x -> x.getNDArrayInternal().softPlus(), x -> Math.log1p(Math.exp(x)), -3, 3),
                u("softSign", x -> x.getNDArrayInternal().softSign(), x -> x / (1 + Math.abs(x)), 0.1, 3),
                u("leakyRelu", x -> x.getNDArrayInternal().leakyRelu(0.25f), x -> x < 0 ? 0.25 * x : x, -3, -0.1),
                u("elu", x -> x.getNDArrayInternal().elu(1.5f), x -> x < 0 ? 1.5 * Math.expm1(x) : x, -3, -0.1),
                u(
                        "selu",
                        x -> x.getNDArrayInternal().selu(),
                        x -> 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * Math.expm1(x) : x),
                        -3,
                        -0.1),
                u("gelu", x -> x.getNDArrayInternal().gelu(), x -> 0.5 * x * (1 + erf(x / Math.sqrt(2))), -3, 3),
                u("swish", x -> x.getNDArrayInternal().swish(1.5f), x -> x * sigmoid(1.5 * x), -3, 3),
                u(
                        "mish",
                        x -> x.getNDArrayInternal().mish(),
                        x -> x * Math.tanh(Math.log1p(Math.exp(x)) / Math.log(2)),
                        -3,
                        3),
                u("silu", LtFunctions::silu, x -> x * sigmoid(x), -3, 3),
                u(
                        "gelu by tanh",
                        x -> LtFunctions.gelu(x, true),
                        x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
                        -3,
                        3),
                u("add number", x -> x.add(1.5f), x -> x + 1.5, -2, 2),
                u("sub number", x -> x.sub(1.5f), x -> x - 1.5, -2, 2),
                u("mul number", x -> x.mul(1.5f), x -> x * 1.5, -2, 2),
                u("div number", x -> x.div(1.5f), x -> x / 1.5, -2, 2),
                u("mod number", x -> x.mod(1.5f), x -> x - 1.5 * Math.floor(x / 1.5), 0.1, 1.4),
                u("pow number", x -> x.pow(2.5f), x -> Math.pow(x, 2.5), 0.2, 2),
                u("maximum number", x -> x.maximum(0.5f), x -> Math.max(x, 0.5), 0.6, 2),
                u("minimum number", x -> x.minimum(0.5f), x -> Math.min(x, 0.5), -2, 0.4),
                u("rsub", x -> x.getNDArrayInternal().rsub(1.5f), x -> 1.5 - x, -2, 2),
                u("rdiv", x -> x.getNDArrayInternal().rdiv(1.5f), x -> 1.5 / x, 0.5, 2),
                u("rpow", x -> x.getNDArrayInternal().rpow(1.5f), x -> Math.pow(1.5, x), -2, 2));
    }

    static Stream<Binary> binaries() {
        return Stream.of(
                new Binary("add", NDArray::add, (a, b) -> a + b, true),
                new Binary("sub", NDArray::sub, (a, b) -> a - b, true),
                new Binary("mul", NDArray::mul, (a, b) -> a * b, true),
                new Binary("div", NDArray::div, (a, b) -> a / b, true),
                new Binary("mod", NDArray::mod, (a, b) -> a - b * Math.floor(a / b), false),
                new Binary("pow", NDArray::pow, Math::pow, true),
                new Binary("maximum", NDArray::maximum, Math::max, true),
                new Binary("minimum", NDArray::minimum, Math::min, true),
                new Binary("atan2", NDArray::atan2, Math::atan2, true),
                new Binary("rsub", (a, b) -> a.getNDArrayInternal().rsub(b), (a, b) -> b - a, true),
                new Binary("rdiv", (a, b) -> a.getNDArrayInternal().rdiv(b), (a, b) -> b / a, true),
                new Binary(
                        "rmod", (a, b) -> a.getNDArrayInternal().rmod(b), (a, b) -> b - a * Math.floor(b / a), false));
    }

    @ParameterizedTest
    @MethodSource("unaries")
    void unary(Unary op) {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            for (DataType type : FLOATS) {
                for (long[] shape : SHAPES) {
                    // What the type can hold is what goes in, so that only the operation's own rounding is judged.
                    Ref x = Ref.of(Ref.random(7, op.low, op.high, shape).on(manager, type));
                    Ref expected = x.map(op.java);
                    Checks.same(op + " " + type, op.op.apply(x.on(manager, type)), expected);
                    Checks.same(op + " strided " + type, op.op.apply(x.strided(manager, type)), expected);
                    if (shape.length > 0 || type.getNumOfBytes() > 2) { // there a float decides the type
                        assertThat(op.op.apply(x.on(manager, type)).getDataType())
                                .isEqualTo(type);
                    }
                }
            }
        }
        if (op.smooth) {
            Checks.gradient(op.name, in -> op.op.apply(in[0]), Ref.random(8, op.low, op.high, 2, 3));
        }
    }

    @ParameterizedTest
    @MethodSource("binaries")
    void binary(Binary op) {
        long[][][] pairs = {
            {{2, 3}, {2, 3}}, {{2, 3}, {3}}, {{3, 1}, {1, 4}}, {{}, {2, 2}}, {{2, 0}, {1}}, {{2, 1, 3}, {4, 1}}
        };
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            for (DataType type : FLOATS) {
                for (long[][] pair : pairs) {
                    Ref a = Ref.of(Ref.random(3, 0.6, 2.5, pair[0]).on(manager, type));
                    Ref b = Ref.of(Ref.random(4, 0.55, 2.2, pair[1]).on(manager, type));
                    Ref expected = Ref.zip(a, b, op.java);
                    Checks.same(op + " " + type, op.op.apply(a.on(manager, type), b.on(manager, type)), expected);
                    Checks.same(
                            op + " strided", op.op.apply(a.strided(manager, type), b.strided(manager, type)), expected);
                }
            }
        }
        if (op.smooth) {
            Checks.gradient(
                    op.name,
                    in -> op.op.apply(in[0], in[1]),
                    Ref.random(5, 0.6, 2.5, 2, 3),
                    Ref.random(6, 0.55, 2.2, 3));
        }
    }

    @Test
    void inPlaceOperationsWriteIntoTheirArray() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            Ref a = Ref.random(1, 0.5, 2, 2, 3);
            Ref b = Ref.random(2, 0.5, 2, 3);
            record Case(String name, BiFunction<NDArray, NDArray, NDArray> op, DoubleBinaryOperator java) {}
            for (Case c : List.of(
                    new Case("addi", NDArray::addi, (x, y) -> x + y),
                    new Case("subi", NDArray::subi, (x, y) -> x - y),
                    new Case("muli", NDArray::muli, (x, y) -> x * y),
                    new Case("divi", NDArray::divi, (x, y) -> x / y),
                    new Case("modi", NDArray::modi, (x, y) -> x - y * Math.floor(x / y)),
                    new Case("powi", NDArray::powi, Math::pow),
                    new Case("rsubi", (x, y) -> x.getNDArrayInternal().rsubi(y), (x, y) -> y - x),
                    new Case("rdivi", (x, y) -> x.getNDArrayInternal().rdivi(y), (x, y) -> y / x),
                    new Case(
                            "rmodi", (x, y) -> x.getNDArrayInternal().rmodi(y), (x, y) -> y - x * Math.floor(y / x)))) {
                NDArray array = a.on(manager);
                NDArray view = array.reshape(6);
                assertThat(c.op.apply(array, b.on(manager))).isSameAs(array);
                Ref expected = Ref.zip(a, b, c.java);
                Checks.same(c.name, array, expected);
                Checks.same(c.name + " through a view", view, expected.reshape(6));
            }
            Checks.same("rpowi", a.on(manager).getNDArrayInternal().rpowi(2), a.map(x -> Math.pow(2, x)));
            Checks.same("negi", a.on(manager).negi(), a.map(x -> -x));
            Checks.same("signi", a.on(manager).sub(1).signi(), a.map(x -> Math.signum(x - 1)));
            Checks.same("addi number", a.on(manager).addi(2), a.map(x -> x + 2));
            Checks.same("powi number", a.on(manager).powi(2), a.map(x -> x * x));
        }
    }

    @Test
    void comparisonsGiveBooleans() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            record Case(
                    BiFunction<NDArray, NDArray, NDArray> array,
                    BiFunction<NDArray, Number, NDArray> number,
                    DoubleBinaryOperator java) {}
            Ref a = new Ref(new long[] {2, 3}, new double[] {1, 2, 3, Double.NaN, 2, -1});
            Ref b = new Ref(new long[] {3}, new double[] {2, 2, 2});
            for (Case c : List.of(
                    new Case(NDArray::eq, NDArray::eq, (x, y) -> x == y ? 1 : 0),
                    new Case(NDArray::neq, NDArray::neq, (x, y) -> x != y ? 1 : 0),
                    new Case(NDArray::gt, NDArray::gt, (x, y) -> x > y ? 1 : 0),
                    new Case(NDArray::gte, NDArray::gte, (x, y) -> x >= y ? 1 : 0),
                    new Case(NDArray::lt, NDArray::lt, (x, y) -> x < y ? 1 : 0),
                    new Case(NDArray::lte, NDArray::lte, (x, y) -> x <= y ? 1 : 0))) {
                for (DataType type : FLOATS) {
                    NDArray result = c.array.apply(a.on(manager, type), b.on(manager, type));
                    assertThat(result.getDataType()).isEqualTo(DataType.BOOLEAN);
                    Checks.same("comparison", result, Ref.zip(a, b, c.java));
                    Checks.same("with a number", c.number.apply(a.on(manager, type), 2), Ref.zip(a, b, c.java));
                }
            }
        }
    }

    @Test
    void integersKeepTheirTypeUnlessDivided() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            for (DataType type :
                    new DataType[] {DataType.INT8, DataType.INT16, DataType.INT32, DataType.INT64, DataType.UINT8}) {
                NDArray a = manager.create(new int[] {7, 5, 9}).toType(type, false);
                NDArray b = manager.create(new int[] {2, 3, 4}).toType(type, false);
                assertThat(a.add(b).getDataType()).isEqualTo(type);
                assertThat(Ref.of(a.mul(b)).data).containsExactly(14, 15, 36);
                assertThat(Ref.of(a.mod(b)).data).containsExactly(1, 2, 1);
                assertThat(a.add(1).getDataType()).isEqualTo(type);
                assertThat(a.add(0.5f).getDataType()).isEqualTo(DataType.FLOAT32);
                assertThat(a.add(0.5).getDataType()).isEqualTo(DataType.FLOAT64);
                assertThat(a.div(b).toFloatArray()).containsExactly(3.5f, 5f / 3, 2.25f);
                assertThat(a.mean().toFloatArray()).containsExactly(7f);
                assertThat(a.maximum(6).getDataType()).isEqualTo(type);
            }
        }
    }

    /** A number is an array of its own Java type without dimensions: it decides the type among its like and above its kind. */
    @Test
    void typesOfArithmeticWithNumbers() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            NDArray truths = manager.create(new boolean[] {true, false});
            assertThat(truths.add(1).toIntArray()).containsExactly(2, 1);
            assertThat(truths.mul(2L).toLongArray()).containsExactly(2, 0);
            assertThat(truths.sub(0.5).toDoubleArray()).containsExactly(0.5, -0.5);
            NDArray ints = manager.create(new int[] {7, 2});
            assertThat(ints.div(2.0).toDoubleArray()).containsExactly(3.5, 1);
            assertThat(ints.getNDArrayInternal().rsub(1.5).toDoubleArray()).containsExactly(-5.5, -0.5);
            assertThat(ints.maximum(3L).getDataType()).isEqualTo(DataType.INT32);
            assertThat(ints.pow(-1).toIntArray()).containsExactly(0, 0);
            assertThat(ints.powi(-1).toIntArray()).containsExactly(0, 0);
            NDArray floats = manager.create(new float[] {1, 2});
            assertThat(floats.mul(2.0).getDataType()).isEqualTo(DataType.FLOAT32);
            assertThat(floats.toType(DataType.BFLOAT16, false).add(1.5f).getDataType())
                    .isEqualTo(DataType.BFLOAT16);
            assertThat(manager.create(2f).mul(2.0).getDouble()).isEqualTo(4);
            assertThat(manager.create(2f).mul(2).getFloat()).isEqualTo(4);
            assertThat(manager.create(3).add(4L).getLong()).isEqualTo(7);
            assertThat(manager.create(3f)
                            .toType(DataType.FLOAT16, false)
                            .add(1f)
                            .getFloat())
                    .isEqualTo(4);
            assertThat(ints.cbrt().getDataType()).isEqualTo(DataType.FLOAT64);
            assertThat(ints.toRadians().getDataType()).isEqualTo(DataType.FLOAT64);
        }
    }

    @Test
    void equalityWithANumberIsOfNumbers() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            assertThat(manager.ones(new Shape(3)).contentEquals(1)).isTrue();
            assertThat(manager.create(new float[] {1, 2}).contentEquals(1)).isFalse();
            assertThat(manager.create(true).contentEquals(1)).isFalse();
            assertThat(manager.create(1f).contentEquals((Number) null)).isFalse();
        }
    }

    /** On x86 these trap in the processor if nothing stands in front of them. */
    @Test
    void integerDivisionByZeroAndOverflowRaiseOrWrapButDoNotKill() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            NDArray one = manager.create(new int[] {1});
            assertThatThrownBy(() -> one.mod(0)).isInstanceOf(ai.djl.engine.EngineException.class);
            assertThat(manager.create(new int[] {Integer.MIN_VALUE}).mod(-1).toIntArray())
                    .containsExactly(0);
            assertThat(manager.create(new long[] {Long.MIN_VALUE}).mod(-1L).toLongArray())
                    .containsExactly(0L);
            NDArray minimum = manager.create(new long[] {Long.MIN_VALUE});
            minimum.modi(manager.create(new long[] {-1}));
            assertThat(minimum.toLongArray()).containsExactly(0L);
        }
    }

    @Test
    void logic() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            NDArray a = manager.create(new boolean[] {true, true, false, false});
            NDArray b = manager.create(new boolean[] {true, false, true, false});
            assertThat(a.logicalAnd(b).toBooleanArray()).containsExactly(true, false, false, false);
            assertThat(a.logicalOr(b).toBooleanArray()).containsExactly(true, true, true, false);
            assertThat(a.logicalXor(b).toBooleanArray()).containsExactly(false, true, true, false);
            assertThat(a.logicalNot().toBooleanArray()).containsExactly(false, false, true, true);
            NDArray odd = manager.create(new float[] {1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY});
            assertThat(odd.isNaN().toBooleanArray()).containsExactly(false, true, false, false);
            assertThat(odd.isInfinite().toBooleanArray()).containsExactly(false, false, true, true);
            assertThat(a.all().getBoolean()).isFalse();
            assertThat(a.any().getBoolean()).isTrue();
            assertThat(a.none().getBoolean()).isFalse();
            assertThat(a.countNonzero().getLong()).isEqualTo(2);
            assertThat(manager.zeros(new Shape(0)).all().getBoolean()).isTrue();
        }
    }

    @Test
    void xlogyTakesZeroTimesAnythingAsZero() {
        try (NDManager manager = NDManager.newBaseManager("LibTorch")) {
            NDArray x = manager.create(new double[] {0, 1, 2});
            NDArray y = manager.create(new double[] {0, Math.E, 1});
            assertThat(x.xlogy(y).toDoubleArray()).containsExactly(0, 1, 0);
        }
    }

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** Maclaurin series, exact to 1e-15 for |x| below 3. */
    static double erf(double x) {
        double term = x;
        double sum = x;
        for (int n = 1; n < 120; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    /** Stirling's series after shifting the argument above 15. */
    static double logGamma(double x) {
        double shift = 0;
        double z = x;
        while (z < 15) {
            shift -= Math.log(z);
            z++;
        }
        double z2 = z * z;
        return shift
                + (z - 0.5) * Math.log(z)
                - z
                + 0.5 * Math.log(2 * Math.PI)
                + (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / z2) / z2) / z2) / z;
    }
}
