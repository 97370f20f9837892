namespace Appliance.Router.Flows;

/// <summary>Takes each flow once, when it leaves the table and nothing more can be added to it.</summary>
/// <remarks>The ended event comes at once; the record also counts the late packets that followed it.</remarks>
public interface IFlowRecordSink
{
    void Accept(in Flow flow);
}
