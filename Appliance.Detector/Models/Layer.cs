using System.Collections.Immutable;

namespace Appliance.Detector.Models;

/// <summary>A dense layer: outputs = inputs x weights + biases.</summary>
/// <param name="Inputs">How many values come in.</param>
/// <param name="Outputs">How many go out.</param>
/// <param name="Weights">Row by row, one row an input.</param>
/// <param name="Biases">One an output.</param>
public sealed record Layer(int Inputs, int Outputs, ImmutableArray<float> Weights, ImmutableArray<float> Biases);
