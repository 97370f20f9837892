using Appliance.Router.Capture;

namespace Appliance.Evaluation.Windows;

/// <summary>A frame read ahead, copied, since its bytes last only until the next read.</summary>
internal sealed class PendingFrame
{
    private byte[] _bytes = [];
    private int _length;
    private long _originalLength;
    private LinkType _link;

    public long Time { get; private set; } = long.MaxValue;

    public bool IsEmpty => Time == long.MaxValue;

    public Frame Frame => new(_bytes.AsSpan(0, _length), _originalLength, Time, _link);

    public void Set(in Frame frame, long time)
    {
        if (_bytes.Length < frame.Bytes.Length)
        {
            _bytes = new byte[frame.Bytes.Length];
        }

        frame.Bytes.CopyTo(_bytes);
        _length = frame.Bytes.Length;
        _originalLength = frame.OriginalLength;
        _link = frame.Link;
        Time = time;
    }

    public void Clear() => Time = long.MaxValue;
}
