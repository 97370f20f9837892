using Appliance.Bmc.Board;

namespace Appliance.Bmc.Tests.Flashing;

/// <summary>A board whose calls a test counts, holds at a byte, or ends all at once, as they end when the process that makes them is killed.</summary>
internal sealed class WatchedBoard(IBoard board) : IBoard, IDisposable
{
    private readonly CancellationTokenSource _killed = new();
    private readonly CancellationTokenSource _end = new();
    private int _begun;

    /// <summary>Transfers that were begun.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>Bytes of images that were read to be sent.</summary>
    public long Read { get; private set; }

    /// <summary>Called with the place in the image before it is read on.</summary>
    public Func<long, Task> OnRead { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called before each question for the transfer.</summary>
    public Func<Task> OnStatus { get; set; } = () => Task.CompletedTask;

    /// <summary>From now on no call ever ends, and an upload breaks off.</summary>
    public void Kill() => _killed.Cancel();

    public Task<BoardFacts> GetFactsAsync(CancellationToken token) => CallAsync(board.GetFactsAsync, token);

    public Task<BoardResources> GetResourcesAsync(CancellationToken token) => CallAsync(board.GetResourcesAsync, token);

    public Task<SlotPower> GetPowerAsync(CancellationToken token) => CallAsync(board.GetPowerAsync, token);

    public Task<IReadOnlyList<SlotNote>> GetNotesAsync(CancellationToken token) => CallAsync(board.GetNotesAsync, token);

    public Task SetPowerAsync(SlotNumber slot, bool on, CancellationToken token) => CallAsync(each => board.SetPowerAsync(slot, on, each), token);

    public Task ResetAsync(SlotNumber slot, CancellationToken token) => CallAsync(each => board.ResetAsync(slot, each), token);

    public Task<UsbRoute> GetUsbAsync(CancellationToken token) => CallAsync(board.GetUsbAsync, token);

    public Task SetUsbAsync(UsbRoute route, CancellationToken token) => CallAsync(each => board.SetUsbAsync(route, each), token);

    public Task ClearUsbBootAsync(CancellationToken token) => CallAsync(board.ClearUsbBootAsync, token);

    public Task<IReadOnlyList<Fan>> GetFansAsync(CancellationToken token) => CallAsync(board.GetFansAsync, token);

    public Task SetFanAsync(string device, int speed, CancellationToken token) => CallAsync(each => board.SetFanAsync(device, speed, each), token);

    public Task<string> ReadConsoleAsync(SlotNumber slot, CancellationToken token) => CallAsync(each => board.ReadConsoleAsync(slot, each), token);

    public Task WriteConsoleAsync(SlotNumber slot, string line, CancellationToken token) => CallAsync(each => board.WriteConsoleAsync(slot, line, each), token);

    public Task<uint> BeginTransferAsync(TransferOrder order, CancellationToken token)
    {
        Interlocked.Increment(ref _begun);
        return CallAsync(each => board.BeginTransferAsync(order, each), token);
    }

    public Task UploadAsync(uint handle, TransferOrder order, Stream content, IProgress<long> sent, CancellationToken token) =>
        CallAsync(each => board.UploadAsync(handle, order, new WatchedStream(content, this), sent, each), token);

    public Task<TransferStatus> GetTransferAsync(CancellationToken token) => CallAsync(
        async each =>
        {
            await OnStatus().WaitAsync(each);
            return await board.GetTransferAsync(each);
        },
        token);

    public Task CancelTransferAsync(uint handle, CancellationToken token) => CallAsync(each => board.CancelTransferAsync(handle, each), token);

    public Task RestartDaemonAsync(CancellationToken token) => CallAsync(board.RestartDaemonAsync, token);

    /// <summary>To be called when the program whose calls they are has been told to stop: then they end.</summary>
    public void Dispose() => _end.Cancel();

    private Task<bool> CallAsync(Func<CancellationToken, Task> call, CancellationToken token) => CallAsync(
        async each =>
        {
            await call(each);
            return true;
        },
        token);

    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken token)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, _killed.Token);
        try
        {
            either.Token.ThrowIfCancellationRequested();
            return await call(either.Token);
        }
        catch (Exception) when (_killed.IsCancellationRequested)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _end.Token);
            throw;
        }
    }

    private sealed class WatchedStream(Stream content, WatchedBoard watch) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await watch.OnRead(_at).WaitAsync(cancellationToken);
            var count = await content.ReadAsync(buffer, cancellationToken);
            _at += count;
            watch.Read = Math.Max(watch.Read, _at);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
