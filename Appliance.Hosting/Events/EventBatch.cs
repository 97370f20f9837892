namespace Appliance.Hosting.Events;

/// <summary>Events in order, and a task that ends when there are more.</summary>
internal sealed record EventBatch(IReadOnlyList<NodeEvent> Events, Task More);
