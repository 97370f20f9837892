using System.ComponentModel.DataAnnotations;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Events;
using Appliance.Hosting.Health;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Board;

/// <summary>A board spoken to from a workstation, without the role: the same client, with the same care.</summary>
internal sealed class BoardLink : IDisposable
{
    private readonly BoardSession _session;
    private readonly HealthBoard _health;

    private BoardLink(BoardEndpoint endpoint, TimeProvider clock, ILogger<BoardSession> logger)
    {
        _health = new HealthBoard(clock);
        _session = new BoardSession(new BoardTarget(endpoint), new BoardNotices(_health, new EventLog(clock)), clock, logger);
        Board = new TuringPiBoard(_session);
    }

    public IBoard Board { get; }

    /// <summary>What is wrong with the board's trust, to be shown before anything is done; null when nothing is.</summary>
    public string? Warning => _health.Snapshot.FirstOrDefault(part => part.Part == BoardNotices.Part && part.State != PartState.Healthy)?.Text;

    /// <summary>Where a person's first uses are kept: `appliance/boards.json` in the folder for settings (XDG_CONFIG_HOME, else ~/.config).</summary>
    public static string FirstUseFile => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "appliance", "boards.json");

    /// <summary>Checks the settings as the role's start does; nothing is said to the board yet.</summary>
    public static BoardLink Open(BoardOptions options, string firstUseFile, TimeProvider clock, ILogger<BoardSession> logger)
    {
        List<ValidationResult> faults = [];
        Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true);
        if (faults.FirstOrDefault() is { } fault)
        {
            throw new InvalidInputException(fault.MemberNames.FirstOrDefault() ?? "board", fault.ErrorMessage ?? "is not valid");
        }

        var endpoint = BoardEndpoint.From(options, new FirstUse(firstUseFile, clock), BoardSettingNames.CommandLine)
            ?? throw new InvalidInputException(nameof(options.Address), "names no board, for example https://192.168.1.50");
        return new BoardLink(endpoint, clock, logger);
    }

    public void Dispose() => _session.Dispose();
}
