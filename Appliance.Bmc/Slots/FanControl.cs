using Appliance.Bmc.Board;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Slots;

/// <summary>Sets the board's fans. They know steps, no percent, and nobody counts their turns: what is read back is the step.</summary>
internal sealed partial class FanControl(IBoard board, ILogger<FanControl> logger)
{
    private const int Full = 100;

    /// <summary>Sets every fan to the step that is nearest.</summary>
    public async Task SetAsync(uint percent, string field, CancellationToken token)
    {
        if (percent > Full)
        {
            throw new InvalidInputException(field, $"{percent} is not from 0 to {Full}");
        }

        var fans = await board.GetFansAsync(token);
        if (fans.Count == 0)
        {
            throw new BusyException("NO_FAN", "The board has no fan that can be set, or its firmware cannot; firmware from 2.3 on can.");
        }

        foreach (var fan in fans)
        {
            var step = Step(fan, percent);
            await board.SetFanAsync(fan.Device, step, token);
            LogSet(fan.Device, step, fan.MaxSpeed);
        }

        await ConfirmAsync(percent, token);
    }

    // Half way goes up: a little more air harms nothing. More than nothing never means off.
    private static int Step(Fan fan, uint percent)
    {
        var step = (int)Math.Round(fan.MaxSpeed * (double)percent / Full, MidpointRounding.AwayFromZero);
        return percent > 0 && fan.MaxSpeed > 0 ? Math.Max(1, step) : step;
    }

    private async Task ConfirmAsync(uint percent, CancellationToken token)
    {
        foreach (var fan in await board.GetFansAsync(token))
        {
            if (fan.Speed != Step(fan, percent))
            {
                throw new BusyException("NOT_CONFIRMED", $"Fan {fan.Device} was set to step {Step(fan, percent)}, but the board says {fan.Speed}.");
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Fan {Device} was set to step {Step} of {MaxStep}.")]
    private partial void LogSet(string device, int step, int maxStep);
}
