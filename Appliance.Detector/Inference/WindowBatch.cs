using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Appliance.Detector.Inference;

/// <summary>Windows that are scored together, one after another in one piece of memory.</summary>
internal sealed class WindowBatch(int features, int capacity) : IDisposable
{
    /// <summary>More in one batch gains nothing (ONNX Runtime: 105 ns a row at 256, 95 at 1024) and only makes calls wait for each other.</summary>
    public const int Most = 1024;

    private readonly float[] _values = ArrayPool<float>.Shared.Rent(features * capacity);

    /// <summary>Windows in it.</summary>
    public int Count { get; private set; }

    public int Features { get; } = features;

    public ReadOnlySpan<float> Values => _values.AsSpan(0, Count * Features);

    /// <summary>The place of the next window; <see cref="Take"/> keeps what was written there.</summary>
    public Span<float> Next => _values.AsSpan(Count * Features, Features);

    public void Take() => Count++;

    /// <summary>Index of the first value that is NaN or infinite; -1 where there is none.</summary>
    public static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        // All bits of the exponent are set in NaN and infinity, and in nothing else (IEEE 754).
        const uint Exponent = 0x7F800000;
        var mask = new Vector<uint>(Exponent);
        var vectors = MemoryMarshal.Cast<float, Vector<uint>>(values);
        var i = 0;
        while (i < vectors.Length && !Vector.EqualsAny(vectors[i] & mask, mask))
        {
            i++;
        }

        for (var j = i * Vector<uint>.Count; j < values.Length; j++)
        {
            if (!float.IsFinite(values[j]))
            {
                return j;
            }
        }

        return -1;
    }

    public void Dispose() => ArrayPool<float>.Shared.Return(_values);
}
