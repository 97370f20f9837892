namespace Appliance.Bmc.Simulation;

/// <summary>The last 16 KiB that a slot wrote to its serial port.</summary>
internal sealed class ConsoleBuffer
{
    private const int Capacity = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly byte[] _ring = new byte[Capacity];
    private long _written;
    private long _taken;

    public void Write(ReadOnlySpan<byte> text)
    {
        lock (_gate)
        {
            foreach (var letter in text)
            {
                _ring[(int)(_written++ % Capacity)] = letter;
            }
        }
    }

    /// <summary>What the buffer holds; `consume` empties it, as firmware before 2.3 does.</summary>
    public byte[] Read(bool consume)
    {
        lock (_gate)
        {
            var first = Math.Max(_taken, _written - Capacity);
            var text = new byte[_written - first];
            for (var position = first; position < _written; position++)
            {
                text[position - first] = _ring[(int)(position % Capacity)];
            }

            _taken = consume ? _written : _taken;
            return text;
        }
    }
}
