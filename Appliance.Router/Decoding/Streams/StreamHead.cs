using System.Numerics;

namespace Appliance.Router.Decoding.Streams;

/// <summary>The first kilobytes of one direction of a conversation, put in order whatever order they come in.</summary>
/// <remarks>Of bytes that come twice the first count, as with BSD, so that nothing read once can be changed by what follows.</remarks>
internal sealed class StreamHead
{
    /// <summary>A ClientHello with a post-quantum key share takes two kilobytes, request headers seldom more than four.</summary>
    public const int Capacity = 4096;

    // The window is full within three segments of usual size; more of them than this are no head of anything.
    private const int MaxParts = 32;
    private const int BitsPerWord = 64;

    private readonly byte[] _bytes = new byte[Capacity];
    private readonly ulong[] _isThere = new ulong[Capacity / BitsPerWord];
    private int _parts;

    public long StartTime { get; private set; }

    /// <summary>What is there without a gap.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public int Length { get; private set; }

    /// <summary>Nothing more will be taken.</summary>
    public bool IsFull => Length == Capacity || _parts >= MaxParts;

    public void Begin(long time)
    {
        StartTime = time;
        Length = 0;
        _parts = 0;
        _isThere.AsSpan().Clear();
    }

    /// <summary>Takes a part at its place, as far as it lies within the window; a negative place lies before it.</summary>
    public void Put(long place, ReadOnlySpan<byte> part)
    {
        _parts++;
        if (place < 0)
        {
            part = part[(int)Math.Min(-place, part.Length)..];
            place = 0;
        }

        if (place >= Capacity)
        {
            return;
        }

        part = part[..Math.Min(part.Length, Capacity - (int)place)];
        for (var i = 0; i < part.Length; i++)
        {
            Put((int)place + i, part[i]);
        }

        Length = FindGap();
    }

    private void Put(int place, byte value)
    {
        ref var word = ref _isThere[place / BitsPerWord];
        var bit = 1UL << (place % BitsPerWord);
        if ((word & bit) == 0)
        {
            word |= bit;
            _bytes[place] = value;
        }
    }

    private int FindGap()
    {
        for (var word = Length / BitsPerWord; word < _isThere.Length; word++)
        {
            if (_isThere[word] != ulong.MaxValue)
            {
                return (word * BitsPerWord) + BitOperations.TrailingZeroCount(~_isThere[word]);
            }
        }

        return Capacity;
    }
}
