package dev.tributary.engine.kernels;

/** An element-wise function between two linear layers. */
public enum Activation {
  /** The tanh approximation of GELU: {@code gelu_new}, {@code gelu_pytorch_tanh}. */
  GELU_TANH,
  /** GELU by the error function: {@code gelu}. */
  GELU,
  /** {@code x / (1 + exp(-x))}: {@code silu}, {@code swish}. */
  SILU,
  RELU,
  TANH
}
