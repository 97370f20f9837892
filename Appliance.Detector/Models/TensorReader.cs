using System.Buffers.Binary;
using System.Collections.Immutable;
using Onnx;

namespace Appliance.Detector.Models;

/// <summary>Initializers of a graph, by name.</summary>
internal sealed class TensorReader(string name, GraphProto graph)
{
    public bool Has(string tensor) => graph.Initializer.Any(candidate => candidate.Name == tensor);

    public int SecondDimension(string tensor)
    {
        var dimensions = Find(tensor).Dims;
        return dimensions.Count == 2 && dimensions[1] <= PlainScorer.WidestLayer ? (int)dimensions[1] : -1;
    }

    public ImmutableArray<float> Read(string tensor, params int[] dimensions)
    {
        var proto = Find(tensor);
        if (proto.DataType != (int)TensorProto.Types.DataType.Float || !proto.Dims.SequenceEqual(dimensions.Select(size => (long)size)))
        {
            throw OnnxReader.Refusal(name, $"its tensor '{tensor}' is {(TensorProto.Types.DataType)proto.DataType}[{string.Join(", ", proto.Dims)}], Float[{string.Join(", ", dimensions)}] is expected; train one with `appliance train`");
        }

        var count = dimensions.Aggregate(1, (product, size) => product * size);
        var bytes = proto.RawData.Span;
        if (bytes.Length != count * sizeof(float))
        {
            throw OnnxReader.Refusal(name, $"its tensor '{tensor}' has {bytes.Length} bytes, {count * sizeof(float)} are expected; take the original");
        }

        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
            if (!float.IsFinite(values[i]))
            {
                throw OnnxReader.Refusal(name, FormattableString.Invariant($"value {i} of its tensor '{tensor}' is {values[i]}, all must be finite; train it anew"));
            }
        }

        return [.. values];
    }

    private TensorProto Find(string tensor) =>
        graph.Initializer.FirstOrDefault(candidate => candidate.Name == tensor) ?? throw OnnxReader.Refusal(name, $"it lacks the tensor '{tensor}'; train one with `appliance train`");
}
