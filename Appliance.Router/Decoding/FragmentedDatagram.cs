using System.Buffers;

namespace Appliance.Router.Decoding;

/// <summary>A datagram whose fragments are being put in order (RFC 791, 3.2; RFC 8200, 4.5).</summary>
internal sealed class FragmentedDatagram
{
    /// <summary>Bytes behind the IP header that a datagram may have, all fragments together.</summary>
    public const int MaxLength = ushort.MaxValue;

    // A datagram of 1500 bytes and a bit, the usual one, fits.
    private const int MinRoom = 2048;
    private const int Unit = 8;
    private const int BitsPerWord = 64;
    private const int Unknown = -1;

    // A bit for each eight bytes: fragments begin only there.
    private readonly ulong[] _isThere = new ulong[(MaxLength / Unit / BitsPerWord) + 1];
    private byte[] _bytes = [];
    private int _received;
    private int _reach;
    private int _end;

    public FragmentKey Key { get; private set; }

    public long StartTime { get; private set; }

    /// <summary>Nothing more is taken; it stays known, so that what comes late does not begin it anew.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Memory that it takes.</summary>
    public int Room => _bytes.Length;

    /// <summary>All of it, once it is whole.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _received);

    /// <summary>Where what the transport header is followed by begins; negative until the first fragment is there.</summary>
    public int PayloadStart { get; set; }

    public ushort SourcePort { get; set; }

    public ushort DestinationPort { get; set; }

    /// <summary>For TCP, of the first byte of the payload.</summary>
    public uint Sequence { get; set; }

    /// <summary>Neighbors by age.</summary>
    public FragmentedDatagram? Older { get; set; }

    public FragmentedDatagram? Newer { get; set; }

    public void Begin(in FragmentKey key, long time)
    {
        (Key, StartTime, IsGivenUp) = (key, time, false);
        (_received, _reach, _end, PayloadStart) = (0, 0, Unknown, Unknown);
        _isThere.AsSpan().Clear();
    }

    /// <summary>Bytes by which the memory would grow for a fragment.</summary>
    public int GrowthFor(int offset, int length) => offset + length <= Room ? 0 : RoomFor(offset + length) - Room;

    /// <summary>Takes a fragment at its place; the same one again changes nothing.</summary>
    public PieceVerdict Put(int offset, ReadOnlySpan<byte> piece, bool hasMore)
    {
        var end = offset + piece.Length;
        if (piece.IsEmpty || end > MaxLength || (hasMore && piece.Length % Unit != 0) || ContradictsEnd(end, hasMore))
        {
            return PieceVerdict.Malformed;
        }

        var units = CountUnits(offset, end);
        if (units > 0)
        {
            var isSame = units == UnitsIn(offset, end) && end <= _reach && piece.SequenceEqual(_bytes.AsSpan(offset, piece.Length));
            return isSame ? PieceVerdict.Taken : PieceVerdict.Overlapping;
        }

        Grow(end);
        piece.CopyTo(_bytes.AsSpan(offset));
        Mark(offset, end);
        _received += piece.Length;
        _reach = Math.Max(_reach, end);
        _end = hasMore ? _end : end;

        // Nothing overlaps, so as many bytes as there are to be are all of them.
        return _received == _end ? PieceVerdict.Completing : PieceVerdict.Taken;
    }

    public void GiveUp()
    {
        IsGivenUp = true;
        Release();
    }

    /// <summary>Gives its memory back.</summary>
    public void Release()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    private bool ContradictsEnd(int end, bool hasMore) => hasMore
        ? _end != Unknown && end > _end
        : end < _reach || (_end != Unknown && end != _end);

    private void Grow(int length)
    {
        if (length > Room)
        {
            var larger = ArrayPool<byte>.Shared.Rent(RoomFor(length));
            _bytes.AsSpan(0, _reach).CopyTo(larger);
            Release();
            _bytes = larger;
        }
    }

    private int CountUnits(int offset, int end)
    {
        var count = 0;
        for (var unit = offset / Unit; unit * Unit < end; unit++)
        {
            count += (int)(_isThere[unit / BitsPerWord] >> (unit % BitsPerWord) & 1);
        }

        return count;
    }

    private void Mark(int offset, int end)
    {
        for (var unit = offset / Unit; unit * Unit < end; unit++)
        {
            _isThere[unit / BitsPerWord] |= 1UL << (unit % BitsPerWord);
        }
    }

    private static int UnitsIn(int offset, int end) => ((end + Unit - 1) / Unit) - (offset / Unit);

    // Powers of two are what the pool hands out.
    private static int RoomFor(int length) => Math.Max(MinRoom, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length));
}
