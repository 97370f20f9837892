using Appliance.Bmc.Board;
using Appliance.Hosting.Health;
using Microsoft.Extensions.Logging;

namespace Appliance.Bmc.Slots;

/// <summary>Tells the health board, and once the log, whether the board answers.</summary>
internal sealed partial class BoardHealth(HealthBoard health, ILogger<BoardHealth> logger)
{
    public const string Part = "board";

    private volatile bool _answers;
    private bool _isKnown;

    public bool Answers => _answers;

    public void NoteAnswer(BoardFacts? facts)
    {
        if (_isKnown && !_answers)
        {
            LogAnswersAgain();
        }

        _isKnown = _answers = true;
        health.Report(Part, PartState.Healthy, facts is null ? "answers" : $"answers, daemon {facts.DaemonVersion}");
    }

    /// <summary>The role itself goes on, so it is degraded and not failed.</summary>
    public void NoteSilence(string reason)
    {
        if (!_isKnown || _answers)
        {
            LogSilent(reason);
        }

        _isKnown = true;
        _answers = false;
        health.Report(Part, PartState.Degraded, reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The board gives no answer that can be used: {Reason}")]
    private partial void LogSilent(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The board answers again.")]
    private partial void LogAnswersAgain();
}
