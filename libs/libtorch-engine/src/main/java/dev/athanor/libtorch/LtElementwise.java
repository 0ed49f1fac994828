package dev.athanor.libtorch;

import ai.djl.ndarray.NDArray;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Comparison, arithmetic, functions and logic, element by element. */
abstract class LtElementwise extends LtOperations {
    @Override
    public LtNDArray eq(Number n) {
        return scalar("eq", n, (a, b) -> a.eq(b));
    }

    @Override
    public LtNDArray eq(NDArray other) {
        return binary("eq", other, (a, b) -> a.eq(b));
    }

    @Override
    public LtNDArray neq(Number n) {
        return scalar("neq", n, (a, b) -> a.ne(b));
    }

    @Override
    public LtNDArray neq(NDArray other) {
        return binary("neq", other, (a, b) -> a.ne(b));
    }

    @Override
    public LtNDArray gt(Number n) {
        return scalar("gt", n, (a, b) -> a.gt(b));
    }

    @Override
    public LtNDArray gt(NDArray other) {
        return binary("gt", other, (a, b) -> a.gt(b));
    }

    @Override
    public LtNDArray gte(Number n) {
        return scalar("gte", n, (a, b) -> a.ge(b));
    }

    @Override
    public LtNDArray gte(NDArray other) {
        return binary("gte", other, (a, b) -> a.ge(b));
    }

    @Override
    public LtNDArray lt(Number n) {
        return scalar("lt", n, (a, b) -> a.lt(b));
    }

    @Override
    public LtNDArray lt(NDArray other) {
        return binary("lt", other, (a, b) -> a.lt(b));
    }

    @Override
    public LtNDArray lte(Number n) {
        return scalar("lte", n, (a, b) -> a.le(b));
    }

    @Override
    public LtNDArray lte(NDArray other) {
        return binary("lte", other, (a, b) -> a.le(b));
    }

    @Override
    public LtNDArray add(Number n) {
        return arithmetic("add", n, (a, b) -> a.add(b));
    }

    @Override
    public LtNDArray add(NDArray other) {
        return binary("add", other, (a, b) -> a.add(b));
    }

    @Override
    public LtNDArray addi(Number n) {
        return scalarInPlace("addi", n, (a, b) -> a.add_(b));
    }

    @Override
    public LtNDArray addi(NDArray other) {
        return binaryInPlace("addi", other, (a, b) -> a.add_(b));
    }

    @Override
    public LtNDArray sub(Number n) {
        return arithmetic("sub", n, (a, b) -> a.sub(b));
    }

    @Override
    public LtNDArray sub(NDArray other) {
        return binary("sub", other, (a, b) -> a.sub(b));
    }

    @Override
    public LtNDArray subi(Number n) {
        return scalarInPlace("subi", n, (a, b) -> a.sub_(b));
    }

    @Override
    public LtNDArray subi(NDArray other) {
        return binaryInPlace("subi", other, (a, b) -> a.sub_(b));
    }

    @Override
    public LtNDArray mul(Number n) {
        return arithmetic("mul", n, (a, b) -> a.mul(b));
    }

    @Override
    public LtNDArray mul(NDArray other) {
        return binary("mul", other, (a, b) -> a.mul(b));
    }

    @Override
    public LtNDArray muli(Number n) {
        return scalarInPlace("muli", n, (a, b) -> a.mul_(b));
    }

    @Override
    public LtNDArray muli(NDArray other) {
        return binaryInPlace("muli", other, (a, b) -> a.mul_(b));
    }

    @Override
    public LtNDArray div(Number n) {
        return arithmetic("div", n, (a, b) -> a.div(b));
    }

    @Override
    public LtNDArray div(NDArray other) {
        return binary("div", other, (a, b) -> a.div(b));
    }

    @Override
    public LtNDArray divi(Number n) {
        return scalarInPlace("divi", n, (a, b) -> a.div_(b));
    }

    @Override
    public LtNDArray divi(NDArray other) {
        return binaryInPlace("divi", other, (a, b) -> a.div_(b));
    }

    @Override
    public LtNDArray mod(Number n) {
        return arithmetic("mod", n, (a, b) -> a.remainder(b));
    }

    @Override
    public LtNDArray mod(NDArray other) {
        return binary("mod", other, (a, b) -> a.remainder(b));
    }

    @Override
    public LtNDArray modi(Number n) {
        return scalarInPlace("modi", n, (a, b) -> a.remainder_(b));
    }

    @Override
    public LtNDArray modi(NDArray other) {
        return binaryInPlace("modi", other, (a, b) -> a.remainder_(b));
    }

    @Override
    public LtNDArray pow(Number n) {
        return arithmetic("pow", n, (a, b) -> integerPower(a, n) ? a.pow(wrapped(a, b)) : a.pow(b));
    }

    @Override
    public LtNDArray pow(NDArray other) {
        return binary("pow", other, (a, b) -> a.pow(b));
    }

    @Override
    public LtNDArray powi(Number n) {
        return scalarInPlace("powi", n, (a, b) -> {
            if (integerPower(a, n)) {
                a.pow_(wrapped(a, b));
            } else {
                a.pow_(b);
            }
        });
    }

    /** Negative powers of integers are truncated by the kernel for arrays and refused by the one for numbers. */
    private static boolean integerPower(Tensor base, Number exponent) {
        return exponent.longValue() < 0 && !base.is_floating_point() && !base.is_complex();
    }

    @Override
    public LtNDArray powi(NDArray other) {
        return binaryInPlace("powi", other, (a, b) -> a.pow_(b));
    }

    @Override
    public LtNDArray neg() {
        return unary("neg", t -> t.neg());
    }

    @Override
    public LtNDArray abs() {
        return unary("abs", t -> t.abs());
    }

    @Override
    public LtNDArray square() {
        return unary("square", t -> t.square());
    }

    @Override
    public LtNDArray sqrt() {
        return unary("sqrt", t -> t.sqrt());
    }

    @Override
    public LtNDArray floor() {
        return unary("floor", t -> t.floor());
    }

    @Override
    public LtNDArray ceil() {
        return unary("ceil", t -> t.ceil());
    }

    @Override
    public LtNDArray round() {
        return unary("round", t -> t.round());
    }

    @Override
    public LtNDArray trunc() {
        return unary("trunc", t -> t.trunc());
    }

    @Override
    public LtNDArray exp() {
        return unary("exp", t -> t.exp());
    }

    @Override
    public LtNDArray gammaln() {
        return unary("gammaln", t -> t.lgamma());
    }

    @Override
    public LtNDArray log() {
        return unary("log", t -> t.log());
    }

    @Override
    public LtNDArray log10() {
        return unary("log10", t -> t.log10());
    }

    @Override
    public LtNDArray log2() {
        return unary("log2", t -> t.log2());
    }

    @Override
    public LtNDArray sin() {
        return unary("sin", t -> t.sin());
    }

    @Override
    public LtNDArray cos() {
        return unary("cos", t -> t.cos());
    }

    @Override
    public LtNDArray tan() {
        return unary("tan", t -> t.tan());
    }

    @Override
    public LtNDArray asin() {
        return unary("asin", t -> t.asin());
    }

    @Override
    public LtNDArray acos() {
        return unary("acos", t -> t.acos());
    }

    @Override
    public LtNDArray atan() {
        return unary("atan", t -> t.atan());
    }

    @Override
    public LtNDArray sinh() {
        return unary("sinh", t -> t.sinh());
    }

    @Override
    public LtNDArray cosh() {
        return unary("cosh", t -> t.cosh());
    }

    @Override
    public LtNDArray tanh() {
        return unary("tanh", t -> t.tanh());
    }

    @Override
    public LtNDArray asinh() {
        return unary("asinh", t -> t.asinh());
    }

    @Override
    public LtNDArray acosh() {
        return unary("acosh", t -> t.acosh());
    }

    @Override
    public LtNDArray atanh() {
        return unary("atanh", t -> t.atanh());
    }

    @Override
    public LtNDArray sign() {
        return unary("sign", t -> t.sign());
    }

    @Override
    public LtNDArray erf() {
        return unary("erf", t -> t.erf());
    }

    @Override
    public LtNDArray erfinv() {
        return unary("erfinv", t -> t.erfinv());
    }

    @Override
    public LtNDArray logicalNot() {
        return unary("logicalNot", t -> t.logical_not());
    }

    @Override
    public LtNDArray isNaN() {
        return unary("isNaN", t -> t.isnan());
    }

    @Override
    public LtNDArray isInfinite() {
        return unary("isInfinite", t -> t.isinf());
    }

    @Override
    public LtNDArray inverse() {
        return unary("inverse", t -> t.inverse());
    }

    @Override
    public LtNDArray conj() {
        return unary("conj", t -> t.conj());
    }

    @Override
    public LtNDArray negi() {
        return inPlace("negi", () -> tensor().neg_(), this);
    }

    @Override
    public LtNDArray signi() {
        return inPlace("signi", () -> tensor().sign_(), this);
    }

    @Override
    public LtNDArray xlogy(NDArray other) {
        if (isScalar() || other.isScalar()) {
            throw new IllegalArgumentException("scalar is not allowed for xlogy()");
        }
        return binary("xlogy", other, (a, b) -> a.xlogy(b));
    }

    @Override
    public LtNDArray maximum(Number n) {
        return arithmetic("maximum", n, (a, b) -> torch.maximum(a, wrapped(a, b)));
    }

    @Override
    public LtNDArray maximum(NDArray other) {
        return binary("maximum", other, (a, b) -> a.maximum(b));
    }

    @Override
    public LtNDArray minimum(Number n) {
        return arithmetic("minimum", n, (a, b) -> torch.minimum(a, wrapped(a, b)));
    }

    @Override
    public LtNDArray minimum(NDArray other) {
        return binary("minimum", other, (a, b) -> a.minimum(b));
    }

    /** A zero-dimensional tensor of the type that {@code like} and the number promote to. */
    private static Tensor wrapped(Tensor like, Scalar number) {
        return torch.full(
                new long[0], number, like.options().dtype(new ScalarTypeOptional(torch.result_type(like, number))));
    }

    @Override
    public LtNDArray cbrt() {
        return unary("cbrt", t -> {
            Tensor floats = t.is_floating_point() ? t : t.to(ScalarType.Double);
            return floats.sign().mul(floats.abs().pow(new Scalar(1.0 / 3)));
        });
    }

    @Override
    public LtNDArray atan2(NDArray other) {
        return binary("atan2", other, (a, b) -> a.atan2(b));
    }

    @Override
    public LtNDArray toDegrees() {
        return unary("toDegrees", t -> (t.is_floating_point() ? t : t.to(ScalarType.Double)).rad2deg());
    }

    @Override
    public LtNDArray toRadians() {
        return unary("toRadians", t -> (t.is_floating_point() ? t : t.to(ScalarType.Double)).deg2rad());
    }

    @Override
    public LtNDArray clip(Number min, Number max) {
        return op(
                "clip",
                () -> tensor().clamp(new ScalarOptional(LtTypes.scalar(min)), new ScalarOptional(LtTypes.scalar(max))),
                this,
                min,
                max);
    }

    @Override
    public LtNDArray logicalAnd(NDArray other) {
        return binary("logicalAnd", other, (a, b) -> a.logical_and(b));
    }

    @Override
    public LtNDArray logicalOr(NDArray other) {
        return binary("logicalOr", other, (a, b) -> a.logical_or(b));
    }

    @Override
    public LtNDArray logicalXor(NDArray other) {
        return binary("logicalXor", other, (a, b) -> a.logical_xor(b));
    }
}
