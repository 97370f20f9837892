using System.Device.Gpio;

namespace Appliance.Hosting.Sensors;

/// <summary>A light on a line of the GPIO header; nobody but the role blinks it.</summary>
internal sealed class GpioLed(Func<GpioController> open, int line, TimeProvider clock) : IStatusLed, IDisposable
{
    private readonly Lock _turn = new();
    private GpioController? _controller;
    private ITimer? _beat;
    private bool _isOn;

    public void Show(LedPattern pattern)
    {
        lock (_turn)
        {
            Require();
            _beat?.Dispose();
            _beat = null;
            Set(pattern != LedPattern.Off);
            if (LedBeat.Of(pattern) is { Ticks: > 0 } beat)
            {
                _beat = clock.CreateTimer(_ => Toggle(), null, beat, beat);
            }
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            _beat?.Dispose();
            _beat = null;
            _controller?.Dispose();
            _controller = null;
        }
    }

    private void Require()
    {
        if (_controller is not null)
        {
            return;
        }

        try
        {
            var controller = open();
            controller.OpenPin(line, PinMode.Output);
            _controller = controller;
        }
        catch (Exception error) when (error is PlatformNotSupportedException or InvalidOperationException or DllNotFoundException or ArgumentException)
        {
            // What its drivers throw where there is no such line, or no library for it.
            throw new IOException($"GPIO line {line} cannot be had: {error.Message}", error);
        }
    }

    private void Toggle()
    {
        lock (_turn)
        {
            // A beat that was under way when the pattern changed.
            if (_beat is not null)
            {
                Set(!_isOn);
            }
        }
    }

    private void Set(bool isOn)
    {
        _isOn = isOn;
        _controller!.Write(line, isOn ? PinValue.High : PinValue.Low);
    }
}
