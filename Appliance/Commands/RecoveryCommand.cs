using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Appliance.Hosting;
using Appliance.Protos.Bmc.V1;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>`appliance slots recovery` and `release`: how far the bmc role may go to heal a slot, and what it has done.</summary>
internal sealed class RecoveryCommand
{
    private readonly SiteCommand _site = new(Role.Bmc);
    private readonly Argument<uint> _slot = new("SLOT") { Description = "Slot as printed on the board, 1 to 4" };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for the audit log", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private readonly Option<bool?> _enabled = new("--enabled") { Description = "Heal slots at all" };
    private readonly Option<uint?> _steps = new("--daily-steps") { Description = "Steps of a slot in 24 hours before it is quarantined, 1 to 48", HelpName = "COUNT" };
    private readonly Option<bool?> _cycle = new("--power-cycle") { Description = "Cut the power of a node that does not reboot when asked" };
    private readonly Option<bool?> _reflash = new("--reflash") { Description = "As the last step write the last good image, which loses what is on the node" };
    private readonly Option<uint[]> _excluded = new("--exclude") { Description = "Slots that are never touched; 0 for none", HelpName = "SLOT", AllowMultipleArgumentsPerToken = true };

    private RecoveryCommand()
    {
    }

    public static IEnumerable<Command> Create()
    {
        var commands = new RecoveryCommand();
        return
        [
            commands._site.New("recovery", "How slots are healed, changed by an option, and what was done for each", [commands._enabled, commands._steps, commands._cycle, commands._reflash, commands._excluded], commands.PolicyAsync),
            commands._site.New("release", "Lift the quarantine of a slot", [commands._slot, commands._reason], commands.ReleaseAsync),
        ];
    }

    private async Task<Action<TextWriter, OutputFormat>> PolicyAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var client = new BmcService.BmcServiceClient(calls);
        var answer = await client.GetRecoveryPolicyAsync(new GetRecoveryPolicyRequest(), options);
        if (Changed(answer.Policy, parsed) is { } wanted)
        {
            // With the etag of what was read: what somebody else changed meanwhile is not lost.
            await client.UpdateRecoveryPolicyAsync(new UpdateRecoveryPolicyRequest { Policy = wanted }, options);
            answer = await client.GetRecoveryPolicyAsync(new GetRecoveryPolicyRequest(), options);
        }

        return (output, format) => Print(output, format, answer);
    }

    private async Task<Action<TextWriter, OutputFormat>> ReleaseAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var request = new ReleaseSlotRequest { SlotNumber = parsed.GetValue(_slot), Reason = parsed.GetRequiredValue(_reason) };
        var answer = await new BmcService.BmcServiceClient(calls).ReleaseSlotAsync(request, options);
        return (output, format) => Print(output, format, answer.Recovery);
    }

    /// <summary>The policy with what the options say; null when they say nothing.</summary>
    private RecoveryPolicy? Changed(RecoveryPolicy policy, ParseResult parsed)
    {
        var wanted = policy.Clone();
        wanted.Disabled = !(parsed.GetValue(_enabled) ?? !policy.Disabled);
        wanted.DailyStepsCount = parsed.GetValue(_steps) ?? policy.DailyStepsCount;
        wanted.PowerCycleAllowed = parsed.GetValue(_cycle) ?? policy.PowerCycleAllowed;
        wanted.ReflashAllowed = parsed.GetValue(_reflash) ?? policy.ReflashAllowed;
        if (parsed.GetValue(_excluded) is { Length: > 0 } excluded)
        {
            wanted.ExcludedSlotNumbers.Clear();
            wanted.ExcludedSlotNumbers.AddRange(excluded.Where(slot => slot != 0));
        }

        return wanted.Equals(policy) ? null : wanted;
    }

    private static void Print(TextWriter output, OutputFormat format, GetRecoveryPolicyResponse answer)
    {
        var policy = answer.Policy;
        output.WriteLine(format == OutputFormat.Json
            ? JsonSerializer.Serialize(new
            {
                enabled = !policy.Disabled,
                daily_steps_count = policy.DailyStepsCount,
                power_cycle_allowed = policy.PowerCycleAllowed,
                reflash_allowed = policy.ReflashAllowed,
                excluded_slot_numbers = policy.ExcludedSlotNumbers,
            })
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Recovery is {(policy.Disabled ? "off" : "on")}: {policy.DailyStepsCount} steps a slot and day, power cycle {Word(policy.PowerCycleAllowed)}, reflash {Word(policy.ReflashAllowed)}, never slots {(policy.ExcludedSlotNumbers.Count == 0 ? "-" : string.Join(", ", policy.ExcludedSlotNumbers))}."));
        foreach (var slot in answer.Slots)
        {
            Print(output, format, slot);
        }
    }

    private static void Print(TextWriter output, OutputFormat format, SlotRecoveryState slot)
    {
        if (format == OutputFormat.Json)
        {
            output.WriteLine(JsonFormat(slot));
            return;
        }

        output.WriteLine($"Slot {slot.SlotNumber}: {SiteCommand.Text(slot.Text)}");
        foreach (var step in slot.Steps)
        {
            var outcome = step.Outcome.Length > 0 ? $": {step.Outcome}" : "";
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {step.Time?.ToDateTime():yyyy-MM-dd HH:mm:ss}Z  {SiteCommand.Text($"{Words(step.Kind)} since {step.Evidence}{outcome}")}"));
        }
    }

    private static string Words(RecoveryStep.Types.Kind kind) => kind switch
    {
        RecoveryStep.Types.Kind.RestartRole => "role restarted",
        RecoveryStep.Types.Kind.Reboot => "rebooted",
        RecoveryStep.Types.Kind.PowerCycle => "power-cycled",
        RecoveryStep.Types.Kind.Reflash => "reflashed",
        _ => "touched",
    };

    // The contract's own JSON: its fields are many, and programs know them.
    private static string JsonFormat(SlotRecoveryState slot) => Google.Protobuf.JsonFormatter.Default.Format(slot);

    private static string Word(bool allowed) => allowed ? "allowed" : "not allowed";
}
