namespace Appliance.Router.Nftables;

/// <summary>One transaction under construction: its bytes, and what to expect as answers.</summary>
internal sealed class NetlinkBatch
{
    private readonly byte[] _bytes;
    private readonly List<Part> _parts = [];
    private readonly uint _firstSequence;
    private int _length;

    public NetlinkBatch(uint firstSequence, int elements, int messages)
    {
        _firstSequence = firstSequence;
        _bytes = new byte[(2 * 32) + (messages * ElementCodec.Size(0)) + ElementCodec.Size(elements)];
        var writer = new MessageWriter(_bytes);
        writer.End(writer.Begin(NetlinkProtocol.BatchBegin, NetlinkProtocol.Request, firstSequence, 0, NetlinkProtocol.NftablesSubsystem));
        _length = writer.Length;
    }

    /// <summary>Sequence numbers used up to now, begin included.</summary>
    public uint LastSequence => _firstSequence + (uint)_parts.Count + 1;

    public IReadOnlyList<Part> Parts => _parts;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Add(ushort type, ushort flags, SetName set, ReadOnlySpan<SetElement> elements)
    {
        for (var done = 0; done < elements.Length; done += ElementCodec.MaxElementsPerMessage)
        {
            var part = elements[done..Math.Min(elements.Length, done + ElementCodec.MaxElementsPerMessage)];
            var sequence = LastSequence;
            var writer = new MessageWriter(_bytes.AsSpan(_length));
            var offset = ElementCodec.Write(ref writer, type, (ushort)(flags | NetlinkProtocol.Acknowledge), sequence, set, part);
            _length += writer.Length;
            _parts.Add(new Part(sequence, type, set, offset));
        }
    }

    public void End()
    {
        var writer = new MessageWriter(_bytes.AsSpan(_length));
        writer.End(writer.Begin(NetlinkProtocol.BatchEnd, NetlinkProtocol.Request, LastSequence, 0, NetlinkProtocol.NftablesSubsystem));
        _length += writer.Length;
    }

    /// <summary>True for an answer to this batch; no part means the batch as a whole.</summary>
    public bool TryFind(uint sequence, out Part? part)
    {
        var index = (long)sequence - _firstSequence - 1;
        part = index >= 0 && index < _parts.Count ? _parts[(int)index] : null;
        return sequence >= _firstSequence && sequence <= LastSequence;
    }

    /// <summary>A message of the batch and where its elements start.</summary>
    internal readonly record struct Part(uint Sequence, ushort Type, SetName Set, int ElementsOffset);
}
