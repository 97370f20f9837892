using System.Globalization;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.Board;

/// <summary>A Turing Pi 2 over its API, generations told apart by what they answer.</summary>
internal sealed class TuringPiBoard : IBoard
{
    private const string PlainCannot = "The board's firmware 1 cannot ";

    private readonly BoardSession _session;
    private readonly BoardDialogue _dialogue;
    private readonly BoardTransfers _transfers;
    private (int LogIns, BoardFacts Facts)? _known;

    public TuringPiBoard(BoardSession session)
    {
        _session = session;
        _dialogue = new BoardDialogue(session);
        _transfers = new BoardTransfers(session, _dialogue);
    }

    public BoardStanding Standing => _session.Standing;

    public async Task<BoardFacts> GetFactsAsync(CancellationToken token)
    {
        var about = BoardCall.Get("about");
        if (!_session.IsPlain && await _dialogue.AskAsync(about, token) is { } reply)
        {
            return BoardAnswers.TryReadAbout(reply.Body, out var facts) ? facts : throw BoardDialogue.Unreadable(about.PathAndQuery, reply);
        }

        var other = BoardCall.Get("other");
        var older = await _dialogue.DemandAsync(other, token);
        return BoardAnswers.TryReadOther(older.Body, out var few)
            ? few with { Generation = _session.IsPlain ? BoardGeneration.Plain : BoardGeneration.First }
            : throw BoardDialogue.Unreadable(other.PathAndQuery, older);
    }

    public async Task<BoardResources> GetResourcesAsync(CancellationToken token)
    {
        var call = BoardCall.Get("info");
        if (_session.IsPlain || await _dialogue.AskAsync(call, token) is not { } reply)
        {
            return BoardAnswers.ReadAddress((await _dialogue.DemandAsync(BoardCall.Get("other"), token)).Body);
        }

        return BoardAnswers.TryReadResources(reply.Body, out var resources) ? resources : throw BoardDialogue.Unreadable(call.PathAndQuery, reply);
    }

    public async Task<SlotPower> GetPowerAsync(CancellationToken token)
    {
        var call = BoardCall.Get("power");
        var reply = await _dialogue.DemandAsync(call, token);
        return BoardAnswers.TryReadPower(reply.Body, out var power) ? power : throw BoardDialogue.Unreadable(call.PathAndQuery, reply);
    }

    public async Task<IReadOnlyList<SlotNote>> GetNotesAsync(CancellationToken token)
    {
        var call = BoardCall.Get("node_info");
        if (_session.IsPlain || await _dialogue.AskAsync(call, token) is not { } reply)
        {
            return [];
        }

        return BoardAnswers.TryReadNotes(reply.Body, out var notes) ? notes : throw BoardDialogue.Unreadable(call.PathAndQuery, reply);
    }

    public Task SetPowerAsync(SlotNumber slot, bool on, CancellationToken token) =>
        _dialogue.OrderAsync(BoardCall.Set("power", $"{slot.PowerKey}={(on ? 1 : 0)}", CallKind.Set), token);

    public async Task ResetAsync(SlotNumber slot, CancellationToken token)
    {
        await CheckPlainAsync("reset a slot; cycle its power", token);
        await _dialogue.OrderAsync(BoardCall.Set("reset", $"node={slot.Index}", CallKind.Once), token);
    }

    public async Task<UsbRoute> GetUsbAsync(CancellationToken token)
    {
        var call = BoardCall.Get("usb");
        var reply = await _dialogue.DemandAsync(call, token);
        return PortAnswers.TryReadUsb(reply.Body, out var route) ? route! : throw BoardDialogue.Unreadable(call.PathAndQuery, reply);
    }

    public async Task SetUsbAsync(UsbRoute route, CancellationToken token)
    {
        var mode = (await KnownFactsAsync(token)).UsbModeNumber(route);
        await _dialogue.OrderAsync(BoardCall.Set("usb", $"node={route.Slot.Index}&mode={mode}", CallKind.Set), token);
    }

    public async Task ClearUsbBootAsync(CancellationToken token)
    {
        await CheckPlainAsync("clear its boot pins", token);
        await _dialogue.OrderAsync(BoardCall.Set("clear_usb_boot", "", CallKind.Set), token);
    }

    public async Task<IReadOnlyList<Fan>> GetFansAsync(CancellationToken token)
    {
        var call = BoardCall.Get("cooling");
        if (_session.IsPlain || await _dialogue.AskAsync(call, token) is not { } reply)
        {
            return [];
        }

        return PortAnswers.TryReadFans(reply.Body, out var fans) ? fans : throw BoardDialogue.Unreadable(call.PathAndQuery, reply);
    }

    public Task SetFanAsync(string device, int speed, CancellationToken token)
    {
        RefusePlain("set fans; it knows none.");
        var query = string.Create(CultureInfo.InvariantCulture, $"device={Uri.EscapeDataString(device)}&speed={speed}");
        return _dialogue.OrderAsync(BoardCall.Set("cooling", query, CallKind.Set), "set fans", token);
    }

    public async Task<string> ReadConsoleAsync(SlotNumber slot, CancellationToken token)
    {
        var call = BoardCall.Get($"uart&node={slot.Index}");
        var reply = await _dialogue.DemandAsync(call, token);
        return PortAnswers.TryReadConsole(reply.Body, out var text) ? text : throw BoardDialogue.Unreadable(call.PathAndQuery, reply);
    }

    // Escaped whole: the daemon finds flash calls by a search in the raw query, so "type=flash" must not stand in it.
    public Task WriteConsoleAsync(SlotNumber slot, string line, CancellationToken token) =>
        _dialogue.OrderAsync(BoardCall.Set("uart", $"node={slot.Index}&cmd={Uri.EscapeDataString(line)}", CallKind.Once), token);

    public Task<uint> BeginTransferAsync(TransferOrder order, CancellationToken token)
    {
        RefuseFlash();
        return _transfers.BeginAsync(order, token);
    }

    public Task UploadAsync(uint handle, TransferOrder order, Stream content, IProgress<long> sent, CancellationToken token)
    {
        RefuseFlash();
        return _transfers.UploadAsync(new BoardUpload(handle, order, content, sent), token);
    }

    public Task<TransferStatus> GetTransferAsync(CancellationToken token)
    {
        RefuseFlash();
        return _transfers.GetAsync(token);
    }

    public Task CancelTransferAsync(uint handle, CancellationToken token)
    {
        RefuseFlash();
        return _transfers.CancelAsync(handle, token);
    }

    public Task RestartDaemonAsync(CancellationToken token)
    {
        RefusePlain("restart its web server alone; newer firmware can.");
        return _dialogue.OrderAsync(BoardCall.Set("reload", "", CallKind.Once) with { EndsSession = true }, "restart its daemon", token);
    }

    private void RefuseFlash() =>
        RefusePlain("flash a module over the network: it writes only files on its own microSD card, and does not read them back. Update the board's firmware first.");

    private void RefusePlain(string what)
    {
        if (_session.IsPlain)
        {
            throw new BusyException(BoardFacts.FirmwareCannot, PlainCannot + what);
        }
    }

    /// <summary>Refuses what 1.0 does not know: it says "ok" to every set.</summary>
    private async Task CheckPlainAsync(string what, CancellationToken token)
    {
        if (_session.IsPlain && !(await KnownFactsAsync(token)).CanReset)
        {
            throw new BusyException(BoardFacts.FirmwareCannot, $"The board's firmware is older than 1.1.0 and cannot {what}.");
        }
    }

    /// <summary>What the board runs; asked again after each log-in, since other firmware does not know the tokens of the old.</summary>
    private async Task<BoardFacts> KnownFactsAsync(CancellationToken token)
    {
        if (_known is not { } known || known.LogIns != _session.LogIns)
        {
            var facts = await GetFactsAsync(token);
            _known = known = (_session.LogIns, facts);
        }

        return known.Facts;
    }
}
