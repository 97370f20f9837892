namespace Appliance.Bmc.Simulation;

/// <summary>The last 16 KiB that a slot wrote to its serial port.</summary>
internal sealed class ConsoleBuffer
{
    private const int Capacity = 16 * 1024;

    private readonly Lock gate = new();
    private readonly byte[] ring = new byte[Capacity];
    private long written;
    private long taken;

    public void Write(ReadOnlySpan<byte> text)
    {
        lock (gate)
        {
            foreach (var letter in text)
            {
                ring[(int)(written++ % Capacity)] = letter;
            }
        }
    }

    /// <summary>What the buffer holds; `consume` empties it, as firmware before 2.3 does.</summary>
    public byte[] Read(bool consume)
    {
        lock (gate)
        {
            var first = Math.Max(taken, written - Capacity);
            var text = new byte[written - first];
            for (var position = first; position < written; position++)
            {
                text[position - first] = ring[(int)(position % Capacity)];
            }

            taken = consume ? written : taken;
            return text;
        }
    }
}
