using Google.Protobuf;
using Grpc.Core;

namespace Appliance.Hosting.Audit;

/// <summary>A caller's stream whose first message is written down before the service gets it; it names what the rest is for.</summary>
internal sealed class AuditedStream<T>(IAsyncStreamReader<T> requests, Action<IMessage?> enter) : IAsyncStreamReader<T>
{
    public bool IsEntered { get; private set; }

    public T Current => requests.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        var hasNext = await requests.MoveNext(cancellationToken);
        if (!IsEntered)
        {
            enter(hasNext ? requests.Current as IMessage : null);
            IsEntered = true;
        }

        return hasNext;
    }
}
