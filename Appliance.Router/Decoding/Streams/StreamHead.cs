using System.Numerics;
using System.Security.Cryptography;

namespace Appliance.Router.Decoding.Streams;

/// <summary>The first kilobytes of one direction of a conversation, put in order whatever order they come in.</summary>
/// <remarks>Of bytes that come twice the first count, as with BSD, so that nothing read once can be changed by what follows.</remarks>
internal sealed class StreamHead(int maxParts = StreamHead.UsualParts)
{
    /// <summary>A ClientHello with a post-quantum key share takes two kilobytes, request headers seldom more than four.</summary>
    public const int Capacity = 4096;

    // The window is full within three segments of usual size; more of them than this are no head of anything.
    public const int UsualParts = 32;

    private const int BitsPerWord = 64;

    private readonly byte[] _bytes = new byte[Capacity];
    private readonly ulong[] _isThere = new ulong[Capacity / BitsPerWord];
    private int _parts;
    private int _end;

    public long StartTime { get; private set; }

    /// <summary>What is there without a gap.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public int Length { get; private set; }

    /// <summary>Something stands behind a gap.</summary>
    public bool HasMore => _end > Length;

    /// <summary>Nothing more will be taken.</summary>
    public bool IsFull => Length == Capacity || _parts >= maxParts;

    public void Begin(long time)
    {
        StartTime = time;
        Length = _end = 0;
        _parts = 0;
        _isThere.AsSpan().Clear();
    }

    /// <summary>Leaves nothing of what was taken.</summary>
    public void Wipe() => CryptographicOperations.ZeroMemory(_bytes.AsSpan(0, _end));

    /// <summary>Takes the first bytes out, so that there is room behind the others.</summary>
    public void Drop(int count)
    {
        var bytes = _bytes.AsSpan(0, _end);
        bytes[count..].CopyTo(bytes);
        CryptographicOperations.ZeroMemory(bytes[^count..]);
        for (var place = 0; place < _end; place++)
        {
            Mark(place, place + count < _end && IsThere(place + count));
        }

        Length -= count;
        _end -= count;
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
            if (!IsThere((int)place + i))
            {
                Mark((int)place + i, isThere: true);
                _bytes[place + i] = part[i];
            }
        }

        _end = Math.Max(_end, (int)place + part.Length);
        Length = FindGap();
    }

    private bool IsThere(int place) => (_isThere[place / BitsPerWord] & (1UL << (place % BitsPerWord))) != 0;

    private void Mark(int place, bool isThere)
    {
        ref var word = ref _isThere[place / BitsPerWord];
        var bit = 1UL << (place % BitsPerWord);
        word = isThere ? word | bit : word & ~bit;
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
