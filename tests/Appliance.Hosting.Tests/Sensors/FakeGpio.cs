using System.Device.Gpio;

namespace Appliance.Hosting.Tests.Sensors;

/// <summary>A chip with 28 lines, and what was written to them.</summary>
internal sealed class FakeGpio : GpioDriver
{
    private readonly Lock _turn = new();
    private readonly List<(int Line, bool High)> _written = [];
    private readonly HashSet<int> _open = [];

    public IReadOnlyList<(int Line, bool High)> Written
    {
        get
        {
            lock (_turn)
            {
                return [.. _written];
            }
        }
    }

    public bool HasOpenLines => _open.Count > 0;

    protected override int PinCount => 28;

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => mode == PinMode.Output;

    protected override void OpenPin(int pinNumber)
    {
        if (pinNumber >= PinCount)
        {
            throw new ArgumentException($"no line {pinNumber}", nameof(pinNumber));
        }

        _open.Add(pinNumber);
    }

    protected override void ClosePin(int pinNumber) => _open.Remove(pinNumber);

    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
        // Output is the only one.
    }

    protected override PinMode GetPinMode(int pinNumber) => PinMode.Output;

    protected override PinValue Read(int pinNumber) => PinValue.Low;

    protected override void Write(int pinNumber, PinValue value)
    {
        lock (_turn)
        {
            _written.Add((pinNumber, value == PinValue.High));
        }
    }

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) => throw new NotSupportedException();

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) => throw new NotSupportedException();

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => throw new NotSupportedException();
}
