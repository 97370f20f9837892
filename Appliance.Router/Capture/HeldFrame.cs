namespace Appliance.Router.Capture;

/// <summary>A frame that has been read before it was due, copied, since its own bytes do not last.</summary>
internal sealed class HeldFrame
{
    private byte[] _bytes = [];
    private int _length;
    private long _originalLength;
    private LinkType _link;
    private ushort _vlan;

    public bool IsHeld { get; private set; }

    public long Time { get; private set; }

    public Frame Frame => new(_bytes.AsSpan(0, _length), _originalLength, Time, _link) { StrippedVlanId = _vlan };

    public void Hold(in Frame frame)
    {
        if (IsHeld)
        {
            return;
        }

        if (_bytes.Length < frame.Bytes.Length)
        {
            _bytes = new byte[frame.Bytes.Length];
        }

        frame.Bytes.CopyTo(_bytes);
        _length = frame.Bytes.Length;
        _originalLength = frame.OriginalLength;
        _link = frame.Link;
        _vlan = frame.StrippedVlanId;
        Time = frame.Time;
        IsHeld = true;
    }

    public void Release() => IsHeld = false;
}
