using System.CommandLine;
using System.Globalization;
using Appliance.Protos.Rules.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>Confirms an applied ruleset on a connection of its own, which shows that the operator still gets in.</summary>
internal sealed class RulesetConfirmationClient(SiteCommand site)
{
    private const int Attempts = 3;
    private const double ShortestWindow = 10;
    private const double LongestWindow = 3600;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public Option<double> Window { get; } = NewWindow();

    public Option<bool> IsLeftOut { get; } = new("--no-confirm") { Description = "Leave it to 'appliance rules confirm'; without that it goes back by itself" };

    public Duration WindowOf(ParseResult parsed) => Duration.FromTimeSpan(TimeSpan.FromSeconds(parsed.GetValue(Window)));

    /// <summary>The ruleset as it stands after the confirmation, or as it is when none is wanted or needed.</summary>
    public async Task<Ruleset> GiveAsync(Ruleset applied, ParseResult parsed, CallOptions options)
    {
        if (applied.State != Ruleset.Types.State.Confirming)
        {
            return applied;
        }

        var end = applied.ConfirmDeadlineTime.ToDateTimeOffset().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        if (parsed.GetValue(IsLeftOut))
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"It goes back at {end} UTC unless 'appliance rules confirm {applied.Id}' comes before.");
            return applied;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var another = site.OpenAnother(parsed);
                return (await new RuleService.RuleServiceClient(another.Calls).ConfirmRulesetAsync(new ConfirmRulesetRequest { RulesetId = applied.Id }, options)).Ruleset;
            }
            catch (RpcException failure) when (failure.StatusCode != StatusCode.Unavailable || attempt == Attempts)
            {
                throw new CommandFailedException($"Ruleset {applied.Id} was applied and could not be confirmed on a new connection ({failure.StatusCode}: {failure.Status.Detail}); it goes back at {end} UTC.", failure);
            }
            catch (RpcException)
            {
                await Task.Delay(Pause, TimeProvider.System, options.CancellationToken);
            }
        }
    }

    private static Option<double> NewWindow()
    {
        var window = new Option<double>("--confirm-within") { Description = "Seconds until it goes back unless it is confirmed, 10 to 3600", HelpName = "SECONDS", DefaultValueFactory = _ => 60 };
        window.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= ShortestWindow and <= LongestWindow))
            {
                result.AddError($"--confirm-within is '{string.Join(' ', result.Tokens)}'; it takes {ShortestWindow} to {LongestWindow} seconds.");
            }
        });
        return window;
    }
}
